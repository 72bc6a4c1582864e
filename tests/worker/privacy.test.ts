import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { uuidv7 } from 'uuidv7';
import { describe, expect, it, vi } from 'vitest';
import { projectCall } from '../../database/calls.ts';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import type { Sight } from '../../domain/privacy/sight.ts';
import { sendInSight } from '../../durable-objects/authorisation.ts';
import { boardOf } from '../../durable-objects/env.ts';
import type { BoardDown } from '../../protocol/board.ts';
import type { CallRoom } from '../../worker/index.ts';
import { roles } from '../../worker/access/principal.ts';
import type { Listener } from './world.ts';
import { apiKey, ask, connect, openAgentDoor, post, signIn, watch, words } from './world.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

type Headers = Record<string, string>;

const NAME = 'Quentin Zauberwald';
const NUMBER = '0151-2345 678';
const MAIL = 'qz@zauberwald.example';
const SAID = `Ring me on ${NUMBER} or write to ${MAIL} about the blue one`;
const SPOKEN_MASKED = 'Ring me on •••• or write to •••• about the blue one';

/** What may leave to someone who sees this much: the name's form, and whether the words are clear. */
const expected: Record<Sight, { readonly name: string; readonly text: string }> = {
  clear: { name: NAME, text: SAID },
  initials: { name: 'Q. Z.', text: SAID },
  masked: { name: 'Q. Z.', text: SPOKEN_MASKED },
};

/** What JSON says in words: its numbers and our ids hold any digits by chance. */
const wordsOf = (json: string): string =>
  (json.match(/"(?:[^"\\]|\\.)*"/g) ?? [])
    .join('')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '');

/** Any piece of a marker that `sight` must not see. */
function leaks(json: string, sight: Sight): string[] {
  const text = wordsOf(json);
  const names = sight === 'clear' ? [] : ['Quentin', 'Zauberwald'];
  const secrets = sight === 'masked' ? ['2345', '678', 'zauberwald', 'qz@'] : [];
  return [...names, ...secrets].filter((each) => text.includes(each));
}

const byRole = { admin: 'clear', supervisor: 'clear', operator: 'initials', viewer: 'masked' } as const;

/** A call in progress with markers in its contact and its words. */
async function plantedCall(name = NAME): Promise<{ callId: string; room: DurableObjectStub<CallRoom> }> {
  const callId = uuidv7();
  const room = env.CALL_ROOM.getByName(callId);
  await room.take({
    type: 'requestCall',
    callId,
    epoch: crypto.randomUUID(),
    room: `call-${callId}`,
    profile: 'auto-sales',
    channel: 'lab',
    media: 'silent',
    contact: { name },
    requestedBy: 'test',
  });
  await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
  await room.take({
    type: 'agentHello',
    offer: 1,
    session: 'session-1',
    hostId: 'host-1',
    identity: 'agent-1',
    agentClockMs: Date.now(),
  });
  await room.observe('session-1', { id: 'o1', observation: words('u1', SAID) });
  await room.observe('session-1', {
    id: 'o2',
    observation: { type: 'humanRequested', reason: `wants a call on ${NUMBER}` },
  });
  return { callId, room };
}

const textOf = async (path: string, headers: Headers): Promise<string> => {
  const response = await ask(path, { headers });
  expect([path, response.status]).toEqual([path, 200]);
  return response.text();
};

/** Everyone who can read calls over HTTP, with what they see. */
async function readers(): Promise<[who: string, headers: Headers, sight: Sight][]> {
  const people = await Promise.all(
    roles.map(async (role): Promise<[string, Headers, Sight]> => [role, await signIn(role), byRole[role]]),
  );
  return [
    ...people,
    ['key', await apiKey(['calls:read']), 'masked'],
    ['key with personalData:read', await apiKey(['calls:read', 'personalData:read']), 'clear'],
  ];
}

describe('PRIVACY-1 what leaves the Worker is masked by role', () => {
  it('over HTTP: list, one call, events, transcript, history and call backs', async () => {
    const { callId, room } = await plantedCall();
    await vi.waitFor(async () => {
      const live = await boardOf(env).live();
      expect(live.find((each) => each.callId === callId)?.lastWords?.text).toBe(SAID);
    });
    const everyone = await readers();
    for (const [who, headers, sight] of everyone) {
      const { name, text } = expected[sight];
      const shown = {
        live: await textOf('/api/calls?status=live', headers),
        call: await textOf(`/api/calls/${callId}`, headers),
        events: await textOf(`/api/calls/${callId}/events`, headers),
      };
      for (const [route, body] of Object.entries(shown)) {
        expect([who, route, leaks(body, sight)]).toEqual([who, route, []]);
        expect(body).toContain(JSON.stringify(name));
        expect(body).toContain(JSON.stringify(text));
      }
      const transcript = await textOf(`/api/calls/${callId}/transcript`, headers);
      expect([who, leaks(transcript, sight)]).toEqual([who, []]);
      expect(transcript).toContain(JSON.stringify(text));
    }

    await room.take({ type: 'hangUp', by: 'test' });
    const promised = await promisedCall();
    await vi.waitFor(async () => {
      expect(
        await env.DB.prepare('SELECT phase FROM calls WHERE call_id = ?').bind(callId).first('phase'),
      ).toBe('ended');
    });
    for (const [who, headers, sight] of everyone) {
      const history = await textOf('/api/calls?status=ended', headers);
      expect([who, leaks(history, sight)]).toEqual([who, []]);
      expect(history).toContain(JSON.stringify(expected[sight].text));
      const owed = await textOf('/api/call-backs', headers);
      expect([who, leaks(owed, sight)]).toEqual([who, []]);
      expect(owed).toContain(JSON.stringify(expected[sight].name));
    }
    const settled = await post(`/api/call-backs/${promised}/settle`, '', await signIn('operator'));
    expect(leaks(await settled.text(), 'initials')).toEqual([]);
  });

  it('on the board: snapshot and deltas', async () => {
    await plantedCall();
    const dashboards = await Promise.all(
      roles.map(
        async (role) =>
          [role, await connect<BoardDown>(`/ws/board?v=${PROTOCOL_VERSION}`, await signIn(role))] as const,
      ),
    );
    await plantedCall();
    for (const [role, board] of dashboards) {
      const sight = byRole[role];
      const { name, text } = expected[sight];
      await board.until((messages) =>
        messages.some(
          (each) =>
            each.type === 'delta' &&
            each.calls.some((call) => call.contactName === name && call.lastWords?.text === text),
        ),
      );
      expect(board.messages[0]?.type).toBe('snapshot');
      expect([role, leaks(JSON.stringify(board.messages), sight)]).toEqual([role, []]);
    }
  });

  it('to monitors: what was, what is being spoken and what comes, also after the object slept', async () => {
    const { callId, room } = await plantedCall();
    const agent = await openAgentDoor(callId);
    agent.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: 'session-1',
      identity: 'agent-1',
      clockMs: Date.now(),
    });
    // The agent speaks with the person: nothing is masked for it.
    const welcome = await agent.until((messages) => messages.find((each) => each.type === 'welcome'));
    expect(welcome).toMatchObject({ contact: { name: NAME }, history: [{ text: SAID }] });

    const interim = (utteranceId: string, text: string) =>
      agent.say({
        type: 'interim',
        interim: { utteranceId, speaker: 'customer', text, startedAtMs: Date.now() },
      });
    interim('u2', `my number is ${NUMBER}`);
    const first = await watch(callId, await signIn('admin'));
    await first.until((messages) => messages.some((each) => each.type === 'interim' || interimsIn(each)));
    const monitors = await Promise.all(
      roles.map(async (role) => [role, await watch(callId, await signIn(role))] as const),
    );
    for (const [role, monitor] of monitors) {
      const hello = await monitor.until((messages) => messages.find((each) => each.type === 'hello'));
      const said = byRole[role] === 'masked' ? 'my number is ••••' : `my number is ${NUMBER}`;
      expect(hello.interims.map((each) => each.text)).toEqual([said]);
    }
    interim('u2', `my number is ${NUMBER} 9`);
    await everyoneHears(monitors, (message) => message.type === 'interim');
    await evictDurableObject(room);
    await room.observe('session-1', { id: 'o3', observation: words('u2', `${SAID} again`) });
    await everyoneHears(
      monitors,
      (message) => message.type === 'events' && JSON.stringify(message.events).includes('again'),
    );
    for (const [role, monitor] of monitors) {
      const told = JSON.stringify(monitor.messages);
      const sight = byRole[role];
      expect([role, leaks(told, sight)]).toEqual([role, []]);
      expect(told).toContain(JSON.stringify(expected[sight].name));
      expect(told).toContain(JSON.stringify(expected[sight].text));
    }
  });

  it('in a delivery that an API key looks at', async () => {
    const made = await post(
      '/api/webhooks',
      { url: 'http://127.0.0.1:9/', events: ['call.requested'], includePersonalData: true },
      await signIn('admin'),
    );
    const { webhook } = await made.json<{ webhook: { id: string } }>();
    await plantedCall();
    const find = async (headers: Headers): Promise<string> => {
      const page = await (
        await ask(`/api/webhooks/${webhook.id}/deliveries`, { headers })
      ).json<{ deliveries: { id: string }[] }>();
      return page.deliveries.length === 0
        ? ''
        : textOf(`/api/webhooks/${webhook.id}/deliveries/${page.deliveries[0]!.id}`, headers);
    };
    const admin = await signIn('admin');
    await vi.waitFor(async () => expect(await find(admin)).toContain(NAME));
    const seen = await find(await apiKey(['webhooks:read']));
    expect(seen).toContain('Q. Z.');
    expect(leaks(seen, 'masked')).toEqual([]);
  });
});

describe('PRIVACY-3 a crowd', () => {
  it('is written to once for each sight, however many look', () => {
    const sent: string[] = [];
    const socket = (sight: Sight) =>
      ({
        deserializeAttachment: () => ({ kind: 'monitor', userId: 'u', sight, connectedAtMs: 1_000 }),
        send: (text: string) => void sent.push(text),
      }) as unknown as WebSocket;
    const sights: Sight[] = ['clear', 'masked', 'clear', 'clear', 'masked'];
    const asked: Sight[] = [];
    sendInSight(sights.map(socket), 1_000, (sight) => {
      asked.push(sight);
      return sight;
    });
    expect(asked).toEqual(['clear', 'masked']);
    expect(sent).toEqual(sights);
  });
});

describe('PRIVACY-4 revealing', () => {
  const reveal = (callId: string, headers: Headers, reason: string): Promise<Response> =>
    post(`/api/calls/${callId}/reveal`, { reason }, headers);

  it('shows the contact to who serves calls, and is recorded with its reason', async () => {
    const { callId } = await plantedCall();
    const response = await reveal(callId, await signIn('operator'), 'They ask to be called back');
    expect(await response.json()).toEqual({ contact: { name: NAME } });
    const entries = await env.DB.prepare(
      `SELECT detail FROM audit WHERE action = 'personalData.revealed' AND subject = ?`,
    )
      .bind(`call:${callId}`)
      .all();
    expect(entries.results).toEqual([{ detail: 'They ask to be called back' }]);
  });

  it('is refused to viewers and keys, without a reason, with a number in it, and for an unknown call', async () => {
    const { callId } = await plantedCall();
    const operator = await signIn('operator');
    const keys = await apiKey(['calls:read', 'personalData:read']);
    expect((await reveal(callId, await signIn('viewer'), 'Just looking')).status).toBe(403);
    expect((await reveal(callId, keys, 'Just looking')).status).toBe(403);
    expect((await reveal(callId, operator, '   ')).status).toBe(400);
    const numbered = await reveal(callId, operator, 'calls from 0151 23 456');
    expect(numbered.status).toBe(400);
    expect(await numbered.json()).toMatchObject({ code: 'malformed', errors: [{ field: 'reason' }] });
    expect((await reveal(callId, operator, 'on the 20.11.26')).status).toBe(200);
    expect((await reveal(uuidv7(), operator, 'Who is it')).status).toBe(404);
  });
});

type Told = Awaited<ReturnType<typeof watch>>['messages'][number];
const interimsIn = (message: Told): boolean => message.type === 'hello' && message.interims.length > 0;

async function everyoneHears(
  monitors: readonly (readonly [string, Listener<Told>])[],
  heard: (message: Told) => boolean,
): Promise<void> {
  for (const [, monitor] of monitors) await monitor.until((messages) => messages.some(heard));
}

/** A call that nobody took, projected as its object would. */
async function promisedCall(): Promise<string> {
  const callId = uuidv7();
  const events: CallEvent[] = [
    {
      type: 'callRequested',
      callId,
      epoch: callId,
      room: `call-${callId}`,
      profile: 'auto-sales',
      channel: 'web',
      media: 'livekit',
      contact: { name: NAME },
      requestedBy: 'customer',
      seq: 1,
      atMs: 1,
    },
    { type: 'callBackPromised', reason: 'noAgent', seq: 2, atMs: 2 },
  ];
  await projectCall(env.DB, foldCall(events)!);
  return callId;
}
