import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** The wished port when it is free, else any free one. Nothing reserves it: use it soon. */
export async function freePort(wished = 0): Promise<number> {
  return (await tryPort(wished)) ?? (await tryPort(0)) ?? Promise.reject(new Error('no free port'));
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}

/** The same for UDP, free on every interface: the media server binds them all. */
export async function freeUdpPort(wished = 0): Promise<number> {
  return (await tryUdpPort(wished)) ?? (await tryUdpPort(0)) ?? Promise.reject(new Error('no free UDP port'));
}

function tryUdpPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(null));
    socket.bind(port, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}
