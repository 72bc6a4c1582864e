import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** The floor for `ingest`: a plain Node relay that parses, acknowledges and passes on, and keeps nothing. */
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
const monitors = new Set<WebSocket>();
let seq = 0;

server.on('connection', (socket, request) => {
  if (request.url === '/monitor') {
    monitors.add(socket);
    socket.on('close', () => monitors.delete(socket));
    return;
  }
  socket.on('message', (raw) => {
    const { id, observation } = JSON.parse(String(raw)) as { id: string; observation: object };
    const message = JSON.stringify({ type: 'events', events: [{ ...observation, seq: ++seq, atMs: Date.now() }] });
    for (const monitor of monitors) monitor.send(message);
    socket.send(JSON.stringify({ type: 'ack', id }));
  });
});
server.on('listening', () => {
  const address = server.address();
  console.log(`listening ${typeof address === 'object' && address !== null ? address.port : ''}`);
});
