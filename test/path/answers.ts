/** What is expected of an answer. */
import { expect } from 'vitest';
import * as z from 'zod';
import type { Answer } from '../../local/api-client.ts';

/** A refusal, by its status and code, in the form of RFC 9457. */
export const problem = (status: number, code: string, more: object = {}) => ({
  status,
  body: expect.objectContaining({ type: `urn:assay:problem:${code.replace('/', ':')}`, title: expect.any(String), status, code, ...more }),
});

const Faulty = z.looseObject({ errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string().min(10) })) });

/** Pointer and code of each fault that an answer names. */
export const faultsIn = ({ body }: Answer): readonly string[] => Faulty.parse(body).errors.map(({ pointer, code }) => `${pointer} ${code}`);

/** Does something that must change nothing of what is read before and after it. */
export const leaves = async (read: () => Promise<Answer>, act: () => Promise<Answer>): Promise<Answer> => {
  const before = await read();
  const answer = await act();
  expect(await read()).toEqual(before);
  return answer;
};
