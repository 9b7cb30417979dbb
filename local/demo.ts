/** `npm run demo`: the main job on a fresh machine, step by step, from a definition to a badge that someone else's verifier accepts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createApiClient } from './api-client.ts';
import { ensureBuilt } from './build.ts';
import { runDemo } from './demo-steps.ts';
import { openHome } from './home.ts';
import { startMachine } from './machine.ts';
import { createNarrator } from './narrator.ts';

const USAGE = `npm run demo -- [--json] [--out DIR]
  --json     print one JSON object instead of the story (npm's own two lines go with: npm run -s demo)
  --out DIR  write the badge in every published form, the DID document and the status list
`;

const stop = (message: string, code: number): never => {
  (code === 0 ? process.stdout : process.stderr).write(message);
  process.exit(code);
};

const options = (): { readonly json: boolean; readonly out?: string } => {
  try {
    const { values } = parseArgs({
      options: { json: { type: 'boolean', default: false }, out: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help === true) return stop(USAGE, 0);
    if (values.out !== undefined) mkdirSync(values.out, { recursive: true });
    return { json: values.json, ...(values.out === undefined ? {} : { out: values.out }) };
  } catch (error) {
    return stop(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, 2);
  }
};

const { json, out } = options();
const folder = mkdtempSync(join(tmpdir(), 'assay-demo-'));
const narrator = createNarrator({ quiet: json });

/** Whatever happens, nothing is left behind: the machine of the demonstration lives in a folder of its own. */
const leaveNothing = (): void => rmSync(folder, { recursive: true, force: true });
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => {
    leaveNothing();
    process.exit(code);
  });

await narrator.step('Build the functions, if anything changed', () => ensureBuilt());
const machine = await narrator.step('Start the whole system on this machine', () => startMachine({ home: openHome(folder), port: 0 }));
machine.warm();
try {
  const { files, ...result } = await runDemo(createApiClient(machine.baseUrl), narrator);
  if (out !== undefined) for (const [name, content] of files) writeFileSync(join(out, name), content);
  if (json) process.stdout.write(`${JSON.stringify({ ...result, steps: narrator.steps }, null, 2)}\n`);
  else narrator.close(result, out);
  process.exitCode = result.verified ? 0 : 1;
} finally {
  await machine.close();
  leaveNothing();
}
