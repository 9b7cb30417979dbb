/** HTTP and HTTPS on one port: `did:web` resolves over HTTPS, a person opens the address without it. Loopback only. */
import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface OnePort {
  readonly port: number;
  /** Takes no more connections and ends those that are open. */
  close(): Promise<void>;
}

export interface OnePortOptions {
  readonly port: number;
  readonly listener: RequestListener;
  readonly tls?: { readonly key: string; readonly cert: string };
}

const LOOPBACK = '127.0.0.1';

/** RFC 8446, 5.1: type of the record that a TLS connection starts with. */
const TLS_HANDSHAKE = 0x16;
/** Browsers open connections ahead of need, so silence is not an attack; but it does not last for ever. */
const FIRST_BYTE_MS = 60_000;
/** For bytes on their way when a connection is ended. */
const FLUSH_MS = 500;

export const listenOnePort = async (options: OnePortOptions): Promise<OnePort> => {
  const open = new Set<Socket>();
  const remember = (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    // A peer that goes away is no news; without a listener it would end the process.
    socket.on('error', () => socket.destroy());
  };
  const server = createServer(acceptor(options, remember));
  server.on('connection', remember);
  server.listen(options.port, LOOPBACK);
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    const closed = new Promise<void>((done) => void server.close(() => done()));
    for (const socket of open) socket.destroySoon();
    await Promise.race([closed, delay(FLUSH_MS, undefined, { ref: false })]);
    for (const socket of open) socket.destroy();
    await closed;
  };
  return { port: portOf(server.address()), close };
};

const acceptor = ({ listener, tls }: OnePortOptions, remember: (socket: Socket) => void): ((socket: Socket) => void) => {
  const http = createHttpServer(listener);
  if (tls === undefined) return (socket) => void http.emit('connection', socket);
  const https = createTlsServer({ ...tls, minVersion: 'TLSv1.2' }, listener);
  https.on('secureConnection', remember);
  return (socket) => {
    socket.setTimeout(FIRST_BYTE_MS, () => socket.destroy());
    socket.once('data', (bytes) => {
      socket.setTimeout(0).removeAllListeners('timeout');
      socket.pause();
      socket.unshift(bytes);
      (bytes[0] === TLS_HANDSHAKE ? https : http).emit('connection', socket);
      // What was put back is read only once the server above has its listeners.
      process.nextTick(() => socket.resume());
    });
  };
};

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('the edge listens on a TCP port');
  return address.port;
};
