/** The upload address of a slot, used rightly and wrongly. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Answer, ApiClient, FileToSend } from '../../local/api-client.ts';
import type { PersonId } from '../../local/sample-people.ts';

const Slot = z.object({
  evidenceId: z.string(),
  method: z.literal('PUT'),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
export type Slot = z.infer<typeof Slot>;

export const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** As S3's checksum headers have it. */
export const base64DigestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');

export const announcementOf = ({ bytes, ...file }: FileToSend) => ({ ...file, bytes: bytes.byteLength, sha256: digestOf(bytes) });

export const announce = (client: ApiClient, submissionId: string, ask: { as: PersonId; body: object }): Promise<Answer> =>
  client.call('POST', `/v1/submissions/${submissionId}/uploads`, ask);

export const reserved = async (client: ApiClient, submissionId: string, { as, file }: { as: PersonId; file: FileToSend }): Promise<Slot> =>
  Slot.parse((await announce(client, submissionId, { as, body: announcementOf(file) })).body);

/** `content-length` is set by fetch, from the bytes. */
export const signedHeaders = ({ headers }: Slot): Record<string, string> => {
  const { 'content-length': _length, ...others } = headers;
  return others;
};

/** @returns the status, and the code of S3's error document if there is one */
export const put = async (url: string, headers: Readonly<Record<string, string>>, bytes: Buffer | undefined) => {
  const response = await fetch(url, { method: 'PUT', headers, ...(bytes === undefined ? {} : { body: new Uint8Array(bytes) }) });
  const text = await response.text();
  return { status: response.status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] };
};
