/** The identity provider on a port of its own, with three people. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Identity, openIdentity } from '../../../local/aws/identity/identity.ts';

export const PEOPLE = [
  { sub: 'maya', name: 'Maya Okafor', email: 'maya@members.example', groups: ['harbour:learner', 'northvale:assessor'] },
  { sub: 'olu', name: 'Olu Adeyemi', email: 'olu@operations.example', groups: ['operator'] },
  { sub: 'quote', name: `O'Hara <b>"x"</b> & Co`, email: 'quote@members.example', groups: [] },
];

export interface RunningProvider {
  readonly identity: Identity;
  readonly baseUrl: string;
  readonly folder: string;
  /** Forgets the keys too, unless the folder was there before. */
  close(): Promise<void>;
}

export const runProvider = async (known?: string): Promise<RunningProvider> => {
  const folder = known ?? (await mkdtemp(join(tmpdir(), 'assay-identity-')));
  const server = createServer((request, response) => identity.handle(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const identity = await openIdentity({ folder, baseUrl, people: PEOPLE });
  const close = async (): Promise<void> => {
    server.close();
    server.closeAllConnections();
    if (known === undefined) await rm(folder, { recursive: true });
  };
  return { identity, baseUrl, folder, close };
};
