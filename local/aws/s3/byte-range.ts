/** Which bytes of an object a read asks for: all, a Range, or a part. */
import { AwsError } from '../service.ts';
import type { Span } from './blobs.ts';
import { invalidArgument, invalidRequest } from './error-response.ts';
import type { Piece } from './object-table.ts';

/** Several ranges at once, and what is no range at all, S3 answers with the whole. @throws AwsError InvalidRange */
export const rangeOf = (header: string | undefined, bytes: number): Span | undefined => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first === '') return suffix(Number(last), bytes, header);
  const span = { first: Number(first), last: last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1) };
  if (last !== '' && Number(last) < span.first) return undefined;
  if (span.first >= bytes) throw invalidRange(header, bytes);
  return span;
};

const suffix = (length: number, bytes: number, header: string | undefined): Span => {
  if (length === 0 || bytes === 0) throw invalidRange(header, bytes);
  return { first: Math.max(bytes - length, 0), last: bytes - 1 };
};

const invalidRange = (header: string | undefined, bytes: number): AwsError =>
  new AwsError('InvalidRange', 'The requested range is not satisfiable', {
    status: 416,
    extra: { RangeRequested: header, ActualObjectSize: bytes },
  });

/** @throws AwsError InvalidArgument, InvalidRequest or InvalidPartNumber */
export const partSpan = (partNumber: string | null, range: string | undefined, pieces: readonly Piece[]): Span | undefined => {
  if (partNumber === null) return undefined;
  if (range !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  const number = partNumberOf(partNumber);
  const piece = pieces[number - 1];
  if (piece === undefined) throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', { status: 416 });
  if (piece.bytes === 0) return undefined;
  const first = pieces.slice(0, number - 1).reduce((sum, { bytes }) => sum + bytes, 0);
  return { first, last: first + piece.bytes - 1 };
};

/** Amazon S3 User Guide, "Multipart upload limits". */
export const PARTS_MAX = 10_000;

/** @throws AwsError InvalidArgument */
export const partNumberOf = (text: string): number => {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= PARTS_MAX) return number;
  throw invalidArgument(`Part number must be an integer between 1 and ${PARTS_MAX}, inclusive`, 'partNumber', text);
};
