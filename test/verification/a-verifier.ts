/** The step that verifies, over a web in memory: what stands at each address, by status and bytes. */
import * as z from 'zod';
import { Instant } from '#domain/ids.ts';
import { verifyBadge } from '#functions/verification/verify-badge.ts';
import type { RouteHandler } from '#lambda/http.ts';
import { answered, openHttp } from '#lambda/http.ts';
import type { Web, WebAnswer, WebTerms } from '#shared/ports.ts';
import { aCall, logged } from '../lambda/invocations.ts';
import { canonize, NOW_MS } from '../openbadges/a-badge.ts';

/** JSON, text, bytes, or an answer without a document. */
export type Stored = object | string | Uint8Array | WebAnswer;

const isAnswer = (stored: Stored): stored is WebAnswer =>
  stored === 'refused' || stored === 'unreachable' || (typeof stored === 'object' && 'status' in stored && 'bytes' in stored);

const answerOf = (stored: Stored | undefined, { bytesMax }: WebTerms): WebAnswer => {
  if (stored === undefined) return 'unreachable';
  if (isAnswer(stored)) return stored;
  const bytes = stored instanceof Uint8Array ? stored : Buffer.from(typeof stored === 'string' ? stored : JSON.stringify(stored));
  return bytes.length > bytesMax ? 'unreachable' : { status: 200, bytes: new Uint8Array(bytes) };
};

export const answer = (status: number): WebAnswer => ({ status, bytes: new Uint8Array() });

export interface Asking {
  readonly url: string;
  readonly redirects: WebTerms['redirects'];
}

/** What an answer is, as far as tests look into it. */
export const Answered = z.looseObject({
  verdict: z.string().optional(),
  standard: z.string().optional(),
  form: z.string().optional(),
  code: z.string().optional(),
  facts: z.looseObject({ fault: z.string().optional() }).optional(),
  checks: z.array(z.looseObject({ name: z.string(), state: z.string(), code: z.string().optional(), detail: z.string() })).default([]),
});

/** @param files by address; @returns how to ask, and everything that was asked of the web */
export const aVerifier = (files: Readonly<Record<string, Stored>> = {}, web: Partial<Web> = {}) => {
  const asked: Asking[] = [];
  const get: Web['get'] = async (url, terms) => {
    asked.push({ url, redirects: terms.redirects });
    return answerOf(files[url], terms);
  };
  const step = verifyBadge({
    openWeb: () => ({ get, isOver: () => false, ...web }),
    canonize,
    clock: () => Instant.parse(new Date(NOW_MS).toISOString()),
  });
  const handler: RouteHandler = openHttp(z.object({}), () => step, { bytesMax: 4 * 1024 * 1024 });
  const post = async (contentType: string, body: string | Uint8Array) => {
    logged();
    const sent = typeof body === 'string' ? { body } : { body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
    const event = aCall({ claims: null, headers: { 'content-type': contentType }, ...sent });
    const { statusCode, body: text } = await answered(event, () => handler(event, 'open'));
    return { status: statusCode, body: Answered.parse(JSON.parse(text ?? 'null')) };
  };
  const json = (body: unknown) => post('application/json', JSON.stringify(body));
  return { post, json, asked };
};

/** The verdict, and the codes of what did not pass. */
export const findings = ({ body }: { readonly body: z.infer<typeof Answered> }) => [
  body.verdict,
  ...body.checks.flatMap(({ code }) => code ?? []),
];
