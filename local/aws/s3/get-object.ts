/** GetObject and HeadObject: the headers that were stored, the conditions of the reader, and for a GET the bytes. */
import { AwsError, type WireResponse } from '../service.ts';
import type { Span } from './blobs.ts';
import { partSpan, rangeOf } from './byte-range.ts';
import { type Call, mayLearnOfAbsence, requestedVersion, versionHeader, versionIdOf } from './call.ts';
import type { Headers } from './claims.ts';
import { readOutcome } from './conditions.ts';
import { errorResponse, noSuchKey } from './error-response.ts';
import type { ObjectVersion, Piece } from './object-table.ts';
import { checksumHeaders, httpDate, overriddenHeaders, quoted } from './stored-headers.ts';

export const headObject = (call: Call): WireResponse => respond(call, () => ({}));

export const getObject = (call: Call): WireResponse => respond(call, (pieces, span) => ({ body: call.stores.blobs.stream(pieces, span) }));

type Body = (pieces: readonly Piece[], span: Span) => Pick<WireResponse, 'body'>;

const respond = (call: Call, body: Body): WireResponse => {
  const { headers, query } = call.request;
  const version = requestedVersion(call);
  if (version.deleteMarker) return deleted(call, version);
  const told = { etag: quoted(version.etag), 'last-modified': httpDate(version.modifiedMs), ...versionHeader(call, version.versionId) };
  if (readOutcome(headers, 'if-', version) === 'same') return { status: 304, headers: told };
  const pieces = call.stores.objects.pieces(version);
  const whole = { first: 0, last: version.bytes - 1 };
  const part = partSpan(query.get('partNumber'), headers.range, pieces) ?? rangeOf(headers.range, version.bytes);
  const span = part ?? whole;
  return {
    status: part === undefined ? 200 : 206,
    headers: {
      ...told,
      ...objectHeaders(version),
      ...(query.has('partNumber') && version.etag.includes('-') ? { 'x-amz-mp-parts-count': String(pieces.length) } : {}),
      ...overriddenHeaders(query),
      'content-length': String(span.last - span.first + 1),
      ...(part === undefined ? {} : { 'content-range': `bytes ${span.first}-${span.last}/${version.bytes}` }),
      // The checksum of the whole says nothing about a piece.
      ...(span.first === whole.first && span.last === whole.last ? askedChecksum(headers, version) : {}),
    },
    ...body(pieces, span),
  };
};

const objectHeaders = (version: ObjectVersion): Headers => {
  const tags = Object.keys(version.tags).length;
  return {
    ...version.headers,
    'accept-ranges': 'bytes',
    'x-amz-server-side-encryption': 'AES256',
    ...(tags > 0 ? { 'x-amz-tagging-count': String(tags) } : {}),
  };
};

const askedChecksum = (headers: Headers, version: ObjectVersion): Headers =>
  headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' ? checksumHeaders(version) : {};

/** A delete marker asked for by its id is there, yet cannot be read; as the latest version it means that the key is gone. */
const deleted = (call: Call, marker: ObjectVersion): WireResponse => {
  const place = { method: call.request.method, path: call.request.path, requestId: call.requestId };
  const told = { 'x-amz-delete-marker': 'true', ...versionHeader(call, marker.versionId) };
  if (versionIdOf(call.request.query) === undefined) {
    mayLearnOfAbsence(call);
    return errorResponse(noSuchKey(call.key), place, told);
  }
  const error = new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', { status: 405 });
  return errorResponse(error, place, { ...told, allow: 'DELETE', 'last-modified': httpDate(marker.modifiedMs) });
};
