import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Home } from '../../agent-host/src/recorder/home.ts';
import { FRAME_BYTES, FRAME_MS } from '../../agent-host/src/recorder/sound-file.ts';
import type { Note } from '../../agent-host/src/recorder/spool.ts';
import { Spool } from '../../agent-host/src/recorder/spool.ts';
import { Uploads } from '../../agent-host/src/recorder/uploads.ts';

type Step = 'news' | 'peaks' | 'audio';
/** `fails`: 500. `breaks`: the connection dies. `loses`: it works and the answer dies. `gone`: the call was erased. */
type Trouble = 'fails' | 'breaks' | 'loses' | 'gone';

/** The Worker's side of the protocol, which keeps what it is given and has the troubles it is told to have. */
class WorkerStandIn {
  readonly #server: Server;
  readonly kept = new Map<string, Buffer>();
  readonly asked: Step[] = [];
  readonly troubles: [Step, Trouble][] = [];
  url = '';

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request).then((answer) => {
        if (answer === null) return void request.socket.destroy();
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer.body));
      });
    });
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown } | null> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const step = new URL(request.url ?? '', this.url).pathname.split('/').at(-1) as Step;
    this.asked.push(step);
    expect(request.headers.authorization).toBe('Bearer key');
    const next = this.troubles.findIndex(([each]) => each === step);
    const [, trouble] = next === -1 ? [null, null] : this.troubles.splice(next, 1)[0]!;
    if (trouble === 'breaks') return null;
    if (trouble === 'fails') return { status: 500, body: {} };
    if (trouble === 'gone')
      return step === 'news' ? { status: 200, body: { fate: 'gone' } } : { status: 410, body: {} };
    if (step === 'news') return { status: 200, body: { fate: this.kept.has('audio') ? 'stored' : 'wanted' } };
    const digest = createHash('sha256').update(body).digest('base64');
    expect(request.headers['content-digest']).toBe(`sha-256=:${digest}:`);
    expect(Number(request.headers['content-length'])).toBe(body.length);
    this.kept.set(step, body);
    if (trouble === 'loses') return null;
    return { status: 200, body: { fate: step === 'audio' ? 'stored' : 'wanted' } };
  }
}

const sound = Buffer.alloc(FRAME_BYTES * 50, 7);
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function spooled(): Promise<{ dir: string; spool: Spool; note: Note }> {
  const dir = mkdtempSync(join(tmpdir(), 'earshot-spool-'));
  const spool = new Spool(dir);
  const note = {
    ...{ callId: 'c1', recordingId: 'r1', hostId: 'host-1' },
    ...{ startedAtMs: 1_000, durationMs: 50 * FRAME_MS },
  };
  const paths = spool.paths(note);
  writeFileSync(paths.sound, sound);
  writeFileSync(paths.peaks, Buffer.from([1, 2, 3, 4]));
  await spool.write(note);
  return { dir, spool, note };
}

async function begin(troubles: [Step, Trouble][]) {
  const worker = new WorkerStandIn();
  worker.troubles.push(...troubles);
  await worker.open();
  const { dir, spool } = await spooled();
  const silent = { info: () => undefined, warn: () => undefined };
  const uploads = new Uploads(spool, new Home(worker.url, 'key'), () => new Set(), silent);
  open.push(
    () => uploads.stop(),
    () => worker.close(),
  );
  return { worker, dir, uploads };
}

const patient = { timeout: 20_000, interval: 50 };

describe('REC-6 the host’s copy goes when it is stored, and not before', () => {
  const steps: Step[] = ['news', 'peaks', 'audio'];
  const cases = steps.flatMap((step) =>
    (['fails', 'breaks', 'loses'] as const).map((trouble): [Step, Trouble] => [step, trouble]),
  );

  test.each(cases)('%s %s: it is kept, tried again and stored', async (step, trouble) => {
    const { worker, dir, uploads } = await begin([[step, trouble]]);
    await uploads.look();
    if (step !== 'news' || trouble !== 'loses') expect(readdirSync(dir)).toContain('c1.r1.mp3');
    await vi.waitFor(() => expect(readdirSync(dir)).toEqual([]), patient);
    expect(worker.kept.get('audio')).toEqual(sound);
    expect(JSON.parse(worker.kept.get('peaks')!.toString())).toEqual({
      ...{ perSecond: 10, customer: [1, 3], agents: [2, 4] },
    });
    // Peaks before sound, and no second upload of what is stored.
    expect(worker.asked.lastIndexOf('peaks')).toBeLessThan(worker.asked.lastIndexOf('audio'));
    if (step === 'audio' && trouble === 'loses')
      expect(worker.asked.filter((each) => each === 'audio')).toHaveLength(1);
  });

  test.each(steps)('the call was erased, as %s learns: the copy is deleted', async (step) => {
    const { worker, dir, uploads } = await begin([[step, 'gone']]);
    await uploads.look();
    expect(readdirSync(dir)).toEqual([]);
    expect(worker.kept.has('audio')).toBe(false);
  });

  test('what another life of this host left is found, and a Worker that is long away waited for', async () => {
    const { spool, dir } = await spooled();
    const away = new WorkerStandIn();
    await away.open();
    away.close();
    const silent = { info: () => undefined, warn: vi.fn() };
    const uploads = new Uploads(spool, new Home(away.url, 'key'), () => new Set(), silent);
    open.push(() => uploads.stop());
    await uploads.look();
    await vi.waitFor(() => expect(silent.warn.mock.calls.length).toBeGreaterThan(1), patient);
    expect(readdirSync(dir)).toContain('c1.r1.mp3');
    // Nothing that names anybody is logged.
    expect(JSON.stringify(silent.warn.mock.calls)).not.toContain('key');
  });
});
