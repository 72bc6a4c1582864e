import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { WireWitness } from './wire-witness.ts';

/** A wire between agent hosts and the Worker that can be cut and held up. */
export interface TcpProxy {
  readonly url: string;
  readonly port: number;
  /** Breaks every connection there is. @returns how many. */
  cutAll(): number;
  /** Nothing gets through for so long, in either direction; then everything does, late. */
  stall(ms: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Listens on a free port of this machine and passes everything on to `targetPort`, in the view of `witness`. It keeps no
 * more than a few messages per connection, so it does not push back on a fast sender.
 */
export async function startTcpProxy(targetPort: number, witness: WireWitness): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let stalled = false;
  const watch = (socket: Socket): void => {
    sockets.add(socket);
    socket.setNoDelay(true);
    // A reset is what this is here for; `close` follows.
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    if (stalled) socket.pause();
  };
  const server = createServer({ allowHalfOpen: false }, (host) => {
    const worker = connect(targetPort, '127.0.0.1');
    const seen = witness.watch(host.remotePort ?? 0);
    host.on('data', (bytes) => {
      seen.fromHost(bytes);
      worker.write(bytes);
    });
    worker.on('data', (bytes) => {
      seen.fromWorker(bytes);
      host.write(bytes);
    });
    host.once('close', () => worker.destroy());
    worker.once('close', () => host.destroy());
    // After `on('data')`, which sets a stream flowing.
    watch(host);
    watch(worker);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cutAll = (): number => {
    const connections = sockets.size / 2;
    for (const socket of [...sockets]) socket.resetAndDestroy();
    return Math.ceil(connections);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    cutAll,
    async stall(ms) {
      stalled = true;
      for (const socket of sockets) socket.pause();
      await new Promise((resolve) => setTimeout(resolve, ms));
      stalled = false;
      for (const socket of sockets) socket.resume();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutAll();
      }),
  };
}
