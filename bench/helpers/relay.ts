import { DatabaseSync } from 'node:sqlite';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { serve } from './helper.ts';

/**
 * The peer: a plain Node relay that parses an observation, numbers it, passes it to every monitor and acknowledges.
 * With a database it is durable as well: each message is committed to SQLite and synced to disk before it is passed on.
 */
const monitors = new Set<WebSocket>();
let seq = 0;

/** @returns the port it listens on, on the loopback interface. */
async function listen({ database }: { readonly database: string | null }): Promise<number> {
  const keep = database === null ? null : keeper(database);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket, request) => {
    if (request.url === '/monitor') {
      monitors.add(socket);
      socket.on('close', () => monitors.delete(socket));
      return;
    }
    socket.on('message', (raw) => {
      const { observations } = JSON.parse(String(raw)) as {
        observations: { id: string; observation: object }[];
      };
      for (const { id, observation } of observations) {
        const atMs = Date.now();
        keep?.(++seq, atMs, JSON.stringify(observation));
        const message = JSON.stringify({ type: 'events', events: [{ ...observation, seq, atMs }] });
        for (const monitor of monitors) monitor.send(message);
        socket.send(JSON.stringify({ type: 'ack', id }));
      }
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** As durable as an object's ledger: a crash of the machine loses nothing that was passed on. */
function keeper(file: string): (seq: number, atMs: number, fact: string) => void {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE ledger (seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, fact TEXT NOT NULL);
  `);
  const insert = database.prepare('INSERT INTO ledger (seq, at_ms, fact) VALUES (?, ?, ?)');
  return (number, atMs, fact) => void insert.run(number, atMs, fact);
}

const handlers = { listen };
export type Relay = typeof handlers;
serve(handlers);
