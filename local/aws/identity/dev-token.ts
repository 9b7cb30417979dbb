/** `POST /oidc/dev-token`: a token for anyone of this machine, without a page in between. It exists on one machine only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { sendJson, sendProblem } from './answer.ts';
import type { Person } from './person.ts';
import { smallBody } from './request-body.ts';
import { devTokens, type TokenSource } from './tokens.ts';

const Wanted = z.object({ sub: z.string().min(1).max(200) });

export interface DevTokenNeeds extends TokenSource {
  readonly person: (sub: string | undefined) => Person | undefined;
}

export const answerDevToken = async (needs: DevTokenNeeds, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    return sendProblem(response, 405, 'Ask for a token with POST.');
  }
  // A page from elsewhere can post text unasked, but not JSON: that takes a preflight, which is not answered.
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    return sendProblem(response, 415, 'Send JSON: {"sub": "…"}.');
  const wanted = Wanted.safeParse(parsed(await smallBody(request)));
  if (!wanted.success) return sendProblem(response, 400, 'The body is {"sub": "…"}, with one of GET /oidc/people.');
  const person = needs.person(wanted.data.sub);
  if (person === undefined) return sendProblem(response, 404, 'Nobody here has this sub. GET /oidc/people lists who has one.');
  sendJson(response, devTokens(needs, person));
};

const parsed = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
};
