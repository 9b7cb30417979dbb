/** `npm start`: the whole system on this machine, samples seeded, state kept in one folder. Ctrl-C stops it; a restart finds everything as it was. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type ApiClient, createApiClient } from './api-client.ts';
import { createChaos } from './aws/queues/chaos.ts';
import { ensureBuilt } from './build.ts';
import { addressOf, clearUnseeded, type Home, HomeRefused, keepAddress, keepSeeded, openHome, seededWith } from './home.ts';
import { type Machine, startMachine } from './machine.ts';
import { PEOPLE } from './sample-people.ts';
import { earnDemonstration, Seeded, seedSamples } from './seed.ts';

const DEFAULT_PORT = 4747;

const { values } = parseArgs({ options: { chaos: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });

const USAGE = `npm start [-- --chaos]
  PORT        port of the public address (default ${DEFAULT_PORT}, then the one of the first start)
  ASSAY_HOME  folder of all state (default .assay)
  --chaos     deliver events twice, late and out of order, to see that nothing minds
`;

const portOf = (url: string): number => Number(new URL(url).port);

/** @throws HomeRefused for a port that is none, or not the one that this home's badges carry */
const portFor = (home: Home): number => {
  const asked = process.env.PORT;
  const kept = addressOf(home)?.port;
  const port = asked === undefined || asked === '' ? (kept ?? DEFAULT_PORT) : Number(asked);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new HomeRefused(`PORT must be a number from 0 to 65535, not “${asked}”.`);
  if (kept !== undefined && port !== kept)
    throw new HomeRefused(
      `The badges in ${home.folder} carry port ${kept}. Start with PORT=${kept}, or choose another folder with ASSAY_HOME.`,
    );
  return port;
};

const greeting = ({ baseUrl }: Machine, { hookUrl, webhookSecret }: Seeded, home: Home): string => {
  const people = PEOPLE.map(({ sub, name, groups }) => `  ${sub.padEnd(8)} ${name.padEnd(18)} ${groups.join(', ')}`).join('\n');
  return `
Assay is ready:  ${baseUrl}        state in ${home.folder}

People to act as (no passwords on this machine):
${people}

A token for any of them, for scripts and the calls of docs/api.md:
  curl -s ${baseUrl}/oidc/dev-token -H 'content-type: application/json' -d '{"sub":"maya"}'

The assessment tool of the samples:
  address  ${hookUrl}
  secret   ${webhookSecret}

`;
};

const demonstration = ({ verificationUrl }: Seeded): string =>
  verificationUrl === undefined
    ? 'The demonstration badge was cut off on an earlier start; npm run demo earns one on a fresh machine.\n'
    : `A badge that was earned:  ${verificationUrl}\n`;

const stopOnSignal = (machine: Machine): void => {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    process.stdout.write('\nStopping; what runs is finished first. Press Ctrl-C again to stop at once.\n');
    await machine.close();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
};

const run = async (): Promise<void> => {
  const home = openHome(resolve(process.env.ASSAY_HOME ?? '.assay'));
  const port = portFor(home);
  clearUnseeded(home);
  await ensureBuilt();
  const machine = await startMachine({
    home,
    port,
    endpointPort: addressOf(home)?.endpointPort ?? 0,
    ...(values.chaos && { chaos: createChaos({ seed: Date.now(), duplicate: 0.3, late: 0.3, loseAnswer: 0.1 }) }),
  });
  stopOnSignal(machine);
  keepAddress(home, { port: portOf(machine.baseUrl), endpointPort: portOf(machine.endpointUrl) });
  const client = createApiClient(machine.baseUrl);
  const known = seededWith(home);
  const seeded = known === undefined ? await seedSamples(client) : Seeded.parse(known);
  keepSeeded(home, seeded);
  machine.declareReady();
  process.stdout.write(greeting(machine, seeded, home));
  machine.warm();
  process.stdout.write(`${demonstration(await withDemonstration(client, seeded, home))}Stop with Ctrl-C.\n`);
};

/** The badge of the demonstration is earned once in the life of a home. */
const withDemonstration = async (client: ApiClient, seeded: Seeded, home: Home): Promise<Seeded> => {
  if (seeded.verificationUrl !== undefined) return seeded;
  const verificationUrl = await earnDemonstration(client, seeded);
  const complete = verificationUrl === undefined ? seeded : { ...seeded, verificationUrl };
  keepSeeded(home, complete);
  return complete;
};

/** What a person can mend is told in a sentence; anything else comes with its trace. */
const explained = (error: unknown): string => {
  if (error instanceof HomeRefused) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')
    return `${error.message}\nAnother program has that port. Stop it, or start with another one: PORT=4848 npm start`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

if (values.help) process.stdout.write(USAGE);
else
  run().catch((error: unknown) => {
    process.stderr.write(`${explained(error)}\n`);
    process.exit(1);
  });
