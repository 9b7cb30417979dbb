/** One machine in a folder of its own. What a test does with it goes over HTTP, as it would with any deployment. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { type ApiClient, createApiClient } from '../../local/api-client.ts';
import { ensureBuilt } from '../../local/build.ts';
import { openHome } from '../../local/home.ts';
import { type Machine, type MachineOptions, startMachine } from '../../local/machine.ts';

/** Longer than `until` has patience: what was waited for in vain shall be named, and not only that time ran out. */
vi.setConfig({ testTimeout: 90_000, hookTimeout: 120_000 });

export interface Site {
  readonly client: ApiClient;
  readonly baseUrl: string;
  /** Resolves when nothing is on its way any more: only then is "there is no second badge" an observation. */
  readonly idle: Machine['idle'];
  readonly deadLetters: Machine['deadLetters'];
  close(): Promise<void>;
}

/** To be closed by the test file; nothing is left behind then. */
export const aMachine = async (options: Pick<MachineOptions, 'chaos' | 'people'> = {}): Promise<Site> => {
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'assay-path-'));
  const machine = await startMachine({ home: openHome(folder), port: 0, ...options });
  const close = async (): Promise<void> => {
    await machine.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const { baseUrl, idle, deadLetters } = machine;
  return { client: createApiClient(baseUrl), baseUrl, idle, deadLetters, close };
};
