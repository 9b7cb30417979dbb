/** The tokens of a signed-in person, for requests that no well-behaved client would make. */
import * as z from 'zod';

const Tokens = z.object({ access_token: z.string(), id_token: z.string() });

export const tokensOf = async (baseUrl: string, sub: string): Promise<z.infer<typeof Tokens>> => {
  const response = await fetch(`${baseUrl}/oidc/dev-token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sub }),
  });
  return Tokens.parse(await response.json());
};

export const tokenOf = async (baseUrl: string, sub: string): Promise<string> => (await tokensOf(baseUrl, sub)).access_token;
