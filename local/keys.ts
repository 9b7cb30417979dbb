/** `npm run keys`: rotates, retires or gives up an issuer's keys, over the API of any deployment, and shows how they stand. */
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { createApiClient } from './api-client.ts';

const USAGE = `npm run keys -- <what> --issuer ID [--base URL] [--token TOKEN]

  list                               the issuer's keys and their states
  rotate     [--use data-integrity|jwt] [--algorithm RS256|ES256]
                                     publishes a successor, which signs once no copy of the older key set is left;
                                     without --use one for each use
  retire     --key ID                gives up the private half of a key that signs no more
  compromise --key ID                someone else may have it: publishes it as revoked, signs with a new key from now on,
                                     and signs every badge again that it had signed
  reissue    --credential ID         signs one badge again, under the keys that sign now (as the programme: --token)

  --base     address of the deployment (default http://127.0.0.1:4747, the machine of npm start)
  --token    of an operator; not needed on one machine
`;

const DEFAULT_BASE = 'http://127.0.0.1:4747';

class UsageError extends Error {}

const readArguments = () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      issuer: { type: 'string' },
      use: { type: 'string' },
      algorithm: { type: 'string' },
      key: { type: 'string' },
      credential: { type: 'string' },
      base: { type: 'string', default: DEFAULT_BASE },
      token: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, what: positionals[0] };
};
type Arguments = ReturnType<typeof readArguments>;

const needed = (values: Arguments, name: 'issuer' | 'key' | 'credential'): string => {
  const value = values[name];
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing`);
  return encodeURIComponent(value);
};

const Issuer = z.object({
  keys: z.array(z.object({ id: z.string(), use: z.string(), algorithm: z.string(), state: z.string(), signsFrom: z.string() })),
});

const USES = ['data-integrity', 'jwt'] as const;

/** On one machine anyone may act for the operator; elsewhere a token says who calls. */
const callerOf = ({ base, token }: Arguments) => {
  const client = createApiClient(base, token);
  return (method: string, path: string, options: { body?: unknown; as?: string } = {}) =>
    client.ask(method, path, { as: 'olu', ...options, expect: z.unknown() });
};

const run = async (values: Arguments): Promise<string> => {
  const call = callerOf(values);
  const issuer = () => `/v1/issuers/${needed(values, 'issuer')}`;
  const told = (answer: unknown): string => `${JSON.stringify(answer, null, 2)}\n`;
  switch (values.what) {
    case 'list': {
      const { keys } = Issuer.parse(await call('GET', issuer()));
      return keys.map((key) => `${key.state.padEnd(12)} ${key.use.padEnd(15)} ${key.algorithm.padEnd(6)} ${key.id}\n`).join('');
    }
    case 'rotate': {
      const uses = values.use === undefined ? USES : [values.use];
      const bodyOf = (use: string) => ({ use, ...(use === 'jwt' && values.algorithm !== undefined && { algorithm: values.algorithm }) });
      return told(await Promise.all(uses.map((use) => call('POST', `${issuer()}/keys`, { body: bodyOf(use) }))));
    }
    case 'retire':
      return told(await call('POST', `${issuer()}/keys/${needed(values, 'key')}/retirement`));
    case 'compromise':
      return told(await call('POST', `${issuer()}/keys/${needed(values, 'key')}/compromise`));
    case 'reissue':
      return told(await call('POST', `/v1/credentials/${needed(values, 'credential')}/reissue`, { as: 'dana' }));
    default:
      throw new UsageError(values.what === undefined ? 'say what to do' : `there is no “${values.what}”`);
  }
};

const main = async (): Promise<void> => {
  const values = readArguments();
  process.stdout.write(values.help ? USAGE : await run(values));
};

main().catch((error: unknown) => {
  const text = error instanceof Error ? error.message : String(error);
  const isUsage = error instanceof UsageError || (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE'));
  process.stderr.write(isUsage ? `${text}\n\n${USAGE}` : `${text}\n`);
  process.exit(1);
});
