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

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, out: { type: 'string' }, help: { type: 'boolean', default: false } },
});

if (values.help) {
  process.stdout.write(
    'npm run demo -- [--json] [--out DIR]\n  --json     print one JSON object instead of the story\n  --out DIR  write the badge in every published form, the DID document and the status list\n',
  );
  process.exit(0);
}

const writeOut = (folder: string, files: ReadonlyMap<string, string>): void => {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
};

const folder = mkdtempSync(join(tmpdir(), 'assay-demo-'));
const narrator = createNarrator({ quiet: values.json });

/** Whatever happens, nothing is left behind: the machine of the demonstration lives in a folder of its own. */
const finish = async (close: () => Promise<void>): Promise<void> => {
  await close();
  rmSync(folder, { recursive: true, force: true });
};

await narrator.step('Build the functions, if anything changed', () => ensureBuilt());
const machine = await narrator.step('Start the whole system on this machine', () => startMachine({ home: openHome(folder), port: 0 }));
try {
  const result = await runDemo(createApiClient(machine.baseUrl), narrator);
  if (values.out !== undefined) writeOut(values.out, result.files);
  const summary = {
    verificationUrl: result.verificationUrl,
    credentialId: result.credentialId,
    verified: result.verified,
    pipelineMs: result.pipelineMs,
    steps: narrator.steps,
  };
  if (values.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  else narrator.close(result, values.out);
  process.exitCode = result.verified ? 0 : 1;
} finally {
  await finish(machine.close);
}
