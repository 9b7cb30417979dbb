/** An issuer that is not ours, with hosted badges of Open Badges 2.0, at an address of its own on loopback; it can be made to misbehave. */
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ForeignIssuer {
  readonly url: string;
  readonly assertion: { readonly id: string };
  /** What an address answers from now on. */
  answer(path: string, listener: RequestListener): void;
  /** Paths that were asked for, in their order. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

const context = 'https://w3id.org/openbadges/v2';

const documentsAt = (url: string) => {
  const issuer = { '@context': context, type: 'Issuer', id: `${url}/issuer`, name: 'Northvale College', url, email: 'a@northvale.example' };
  const badge = {
    '@context': context,
    type: 'BadgeClass',
    id: `${url}/badge`,
    name: 'First Aid',
    issuer: issuer.id,
    criteria: { narrative: 'Do it.' },
  };
  const assertion = {
    '@context': context,
    type: 'Assertion',
    id: `${url}/assertions/1`,
    recipient: { type: 'email', hashed: false, identity: 'learner@example.org' },
    badge: badge.id,
    verification: { type: 'HostedBadge' },
    issuedOn: '2026-01-01T12:00:00Z',
  };
  return { issuer, badge, assertion };
};

export const aForeignIssuer = async (): Promise<ForeignIssuer> => {
  const listeners = new Map<string, RequestListener>();
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const listener = listeners.get(request.url ?? '');
    if (listener === undefined) response.writeHead(404).end();
    else listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { issuer, badge, assertion } = documentsAt(url);
  for (const document of [issuer, badge, assertion])
    listeners.set(new URL(document.id).pathname, (_request, response) => response.end(JSON.stringify(document)));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { url, assertion, answer: (path, listener) => void listeners.set(path, listener), asked, close };
};
