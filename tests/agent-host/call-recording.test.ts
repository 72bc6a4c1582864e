import type { voice } from '@livekit/agents';
import { fork } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Welcome } from '../../agent-host/src/call-link.ts';
import { askForConsent, recordIfAllowed } from '../../agent-host/src/call-recording.ts';
import { jobNewsOf } from '../../agent-host/src/job-news.ts';
import { recordingAnswer } from '../../agent-host/src/recording-orders.ts';

type Recording = NonNullable<Welcome['recording']>;
const welcome = (recording?: Partial<Recording>): Welcome =>
  ({
    ...(recording === undefined
      ? {}
      : {
          recording: {
            policy: 'on',
            consentLine: 'Recorded.',
            consentLineSaid: false,
            paused: false,
            ...recording,
          },
        }),
  }) as Welcome;

const { send, connected } = process;
let told: unknown[];
beforeEach(() => {
  told = [];
  process.send = ((message: unknown) => told.push(jobNewsOf(message))) as never;
  Object.defineProperty(process, 'connected', { value: true, configurable: true, writable: true });
});
afterEach(() => {
  process.send = send!;
  Object.defineProperty(process, 'connected', { value: connected, configurable: true, writable: true });
});

const call = { callId: 'c1', room: 'call-c1', observe: vi.fn() };
const session = (interrupted: boolean) => {
  const say = vi.fn((_line: string, _options: object) => ({
    waitForPlayout: () => Promise.resolve(),
    interrupted,
  }));
  return { say, asSession: { say } as unknown as voice.AgentSession };
};

describe('REC-2 a call is recorded when it may be', () => {
  test('at once where the policy says so, or an agent before this one was heard', async () => {
    recordIfAllowed(welcome(), call);
    recordIfAllowed(welcome({ policy: 'afterConsent' }), call);
    expect(told).toEqual([]);
    recordIfAllowed(welcome({ policy: 'on' }), call);
    recordIfAllowed(welcome({ policy: 'afterConsent', consentLineSaid: true, paused: true }), call);
    expect(told).toEqual([
      { callId: 'c1', type: 'record', room: 'call-c1', paused: false },
      { callId: 'c1', type: 'record', room: 'call-c1', paused: true },
    ]);
    const { say, asSession } = session(false);
    for (const each of [welcome(), welcome({}), welcome({ policy: 'afterConsent', consentLineSaid: true })])
      await askForConsent(asSession, each, call);
    expect(say).not.toHaveBeenCalled();
  });

  test('after the consent line, when it was said to its end', async () => {
    const cut = session(true);
    await askForConsent(cut.asSession, welcome({ policy: 'afterConsent' }), call);
    expect(call.observe).not.toHaveBeenCalled();
    expect(told).toEqual([]);
    const whole = session(false);
    await askForConsent(whole.asSession, welcome({ policy: 'afterConsent' }), call);
    expect(whole.say).toHaveBeenCalledWith('Recorded.', { allowInterruptions: false });
    expect(call.observe).toHaveBeenCalledExactlyOnceWith({ type: 'consentLineSaid' });
    expect(told).toEqual([{ callId: 'c1', type: 'record', room: 'call-c1', paused: false }]);
  });
});

describe('REC-4 a job has its call’s recording paused', () => {
  /** A job in a process of its own, which says what became of its order. */
  async function job(answer: (orderId: string) => object | null): Promise<unknown> {
    const file = join(mkdtempSync(join(tmpdir(), 'earshot-job-')), 'job.ts');
    const module = resolve(import.meta.dirname, '../../agent-host/src/recording-orders.ts');
    writeFileSync(
      file,
      `import { pauseRecording } from ${JSON.stringify(module)};
       process.send?.({ outcome: await pauseRecording('c1', true) });
       process.disconnect();`,
    );
    const child = fork(file, { execArgv: ['--no-warnings'] });
    return new Promise((found) => {
      child.on('message', (message: { outcome?: unknown }) => {
        const news = jobNewsOf(message);
        if (news?.type === 'pauseRecording') {
          expect(news).toMatchObject({ callId: 'c1', paused: true });
          const reply = answer(news.orderId);
          // Somebody else's answer settles nothing.
          child.send(recordingAnswer('other', { ok: true }));
          if (reply !== null) child.send(reply);
        }
        if (message.outcome !== undefined) found(message.outcome);
      });
    });
  }

  test('and hears what became of it, also when nobody answers', async () => {
    const failed = { ok: false, reason: 'the recorder did not answer' } as const;
    expect(
      await Promise.all([
        job((orderId) => recordingAnswer(orderId, { ok: true })),
        job((orderId) => recordingAnswer(orderId, failed)),
        job(() => null),
      ]),
    ).toEqual([{ ok: true }, failed, { ok: false, reason: 'the agent host did not answer' }]);
  }, 60_000);
});
