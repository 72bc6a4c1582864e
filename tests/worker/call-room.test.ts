import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { transcriptOf } from '../../database/calls.ts';
import { foldCall } from '../../domain/call/apply.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import {
  callInProgress,
  eventsOf,
  failNextWrite,
  newCall,
  openAgentDoor,
  signIn,
  watch,
  words,
} from './world.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

const observe = (id: string, observation: ReturnType<typeof words>) => ({
  id,
  observation,
});

describe('a call’s ledger', () => {
  it('LEDGER-1 the same observation twice changes nothing, with other content it is refused', async () => {
    const { room, session } = await callInProgress();
    const said = words('u1', 'I am looking for a car');
    expect(await room.observe(session, observe('o1', said))).toEqual({ type: 'ack', id: 'o1' });
    const head = (await room.events(0))!.head;
    expect(await room.observe(session, observe('o1', said))).toEqual({ type: 'ack', id: 'o1' });
    expect((await room.events(0))!.head).toBe(head);
    expect(
      await room.observe(session, observe('o1', { ...said, text: 'something else' } as typeof said)),
    ).toMatchObject({
      type: 'refused',
      code: 'observation_conflict',
    });
    expect(await room.transcript()).toHaveLength(1);
  });

  it('LEDGER-1 what was acknowledged survives a crash of the object', async () => {
    const { callId, room, session } = await callInProgress();
    await room.observe(session, observe('o1', words('u1', 'before the crash')));
    await abortAllDurableObjects();
    expect((await env.CALL_ROOM.getByName(callId).transcript())?.map((each) => each.text)).toEqual([
      'before the crash',
    ]);
  });

  it('LEDGER-1 an observation that could not be written breaks its link, and is taken when it comes again', async () => {
    const { callId, room } = await newCall();
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
    const hello = {
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: 's1',
      identity: 'agent-1',
      clockMs: Date.now(),
    };
    const said = { type: 'observe', observations: [observe('o1', words('u1', 'hear me'))] };
    const first = await openAgentDoor(callId);
    first.say(hello);
    await first.until((messages) => messages.some((m) => m.type === 'welcome'));
    await failNextWrite(room);
    first.say(said);
    expect(await first.until((_messages, { closed }) => closed ?? undefined)).toMatchObject({ code: 1011 });
    expect(first.messages.some((m) => m.type === 'ack')).toBe(false);
    const second = await openAgentDoor(callId);
    second.say(hello);
    await second.until((messages) => messages.some((m) => m.type === 'welcome'));
    second.say(said);
    await second.until((messages) => messages.some((m) => m.type === 'ack' && m.id === 'o1'));
    expect((await room.transcript())!.map((each) => each.text)).toEqual(['hear me']);
  });

  it('the database refuses to change or delete an entry', async () => {
    const { room } = await callInProgress();
    await runInDurableObject(room, (_object, state) => {
      const sql = state.storage.sql;
      expect(() => sql.exec(`UPDATE ledger SET facts = '[{}]' WHERE seq = 1`)).toThrow('never changed');
      expect(() => sql.exec('DELETE FROM ledger WHERE seq = 1')).toThrow('never deleted');
      expect(() => sql.exec(`INSERT INTO ledger (seq, at_ms, facts) VALUES (99, 0, '[{}]')`)).toThrow(
        'without gaps',
      );
    });
  });

  it('LEDGER-7 D1 and R2 hold what a rebuild from the ledger gives', async () => {
    const { callId, room, session } = await callInProgress();
    await room.observe(session, observe('o1', words('u1', 'Hello', 'agent')));
    await room.observe(session, observe('o2', words('u2', 'I want a family car')));
    await room.observe(session, {
      id: 'o3',
      observation: { type: 'sessionEnding', by: 'customer', reason: 'the customer hung up' },
    });
    await vi.waitFor(async () => {
      expect(
        await env.DB.prepare('SELECT phase FROM calls WHERE call_id = ?').bind(callId).first('phase'),
      ).toBe('ended');
      expect(await env.ARCHIVE.head(`calls/${callId}/transcript.json`)).not.toBeNull();
    });
    const archived = await (await env.ARCHIVE.get(`calls/${callId}/ledger.ndjson`))!.text();
    const events = archived
      .trim()
      .split('\n')
      .map((line) => CallEventSchema.parse(JSON.parse(line)));
    const rebuilt = foldCall(events)!;
    expect(rebuilt.end).toMatchObject({ outcome: 'customerHungUp', endedBy: 'customer' });
    expect(await transcriptOf(env.DB, callId)).toEqual(rebuilt.transcript);
  });

  it('LEDGER-3 late words find their place after the end, and reach D1', async () => {
    const { callId, room, session } = await callInProgress();
    const early = words('u1', 'spoken before the end');
    await room.take({ type: 'hangUp', by: 'supervisor-1' });
    expect(await room.observe(session, observe('o1', early))).toEqual({ type: 'ack', id: 'o1' });
    await vi.waitFor(async () => {
      const said = (await transcriptOf(env.DB, callId)).map((each) => each.text);
      expect(said).toEqual(['spoken before the end']);
    });
  });
});

describe('monitors', () => {
  it('LEDGER-2 see each event once and in order across reconnects and an eviction', async () => {
    // Sees all of it, so that what it folds is the state itself (PRIVACY-1).
    const watcher = await signIn('supervisor');
    const { callId, room, session } = await callInProgress();
    const first = await watch(callId, watcher);
    await room.observe(session, observe('o1', words('u1', 'one')));
    await first.until((messages) => eventsOf(messages).some((e) => e.type === 'wordsSpoken'));
    const epoch = first.messages.find((m) => m.type === 'hello')!.epoch;
    const since = eventsOf(first.messages).at(-1)!.seq;
    first.socket.close();

    await room.observe(session, observe('o2', words('u2', 'two')));
    await evictDurableObject(room);
    const second = await watch(callId, watcher, `&since=${since}&epoch=${epoch}`);
    await second.until((messages) => eventsOf(messages).length >= 1);
    await evictDurableObject(room);
    await room.observe(session, observe('o3', words('u3', 'three')));
    await second.until((messages) => eventsOf(messages).length >= 2);

    const seen = [...eventsOf(first.messages), ...eventsOf(second.messages)];
    expect(seen.map((event) => event.seq)).toEqual(seen.map((_event, index) => index + 1));
    expect(foldCall(seen)).toEqual(foldCall((await room.events(0))!.events));
  });

  it('LEDGER-2 a monitor of another epoch is told and starts afresh', async () => {
    const viewer = await signIn('viewer');
    const { callId } = await callInProgress();
    const monitor = await watch(callId, viewer, '&since=2&epoch=another');
    await monitor.until((messages) => eventsOf(messages).length > 0);
    expect(monitor.messages.map((m) => m.type).slice(0, 3)).toEqual(['hello', 'reset', 'events']);
    expect(eventsOf(monitor.messages)[0]?.seq).toBe(1);
  });

  it('interim words are broadcast, shown to latecomers, and never numbered', async () => {
    const viewer = await signIn('viewer');
    const { callId, room } = await newCall();
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
    const monitor = await watch(callId, viewer);
    const agent = await openAgentDoor(callId);
    agent.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: 's1',
      identity: 'agent-1',
      clockMs: Date.now(),
    });
    await agent.until((messages) => messages.find((m) => m.type === 'welcome'));
    const interim = { utteranceId: 'u1', speaker: 'customer', text: 'I am loo', startedAtMs: Date.now() };
    agent.say({ type: 'interim', interim });
    await monitor.until((messages) => messages.find((m) => m.type === 'interim'));
    const latecomer = await watch(callId, viewer);
    const hello = await latecomer.until((messages) => messages.find((m) => m.type === 'hello'));
    expect(hello.interims).toEqual([interim]);
    agent.say({ type: 'observe', observations: [observe('o1', words('u1', 'I am looking'))] });
    await agent.until((messages) => messages.find((m) => m.type === 'ack'));
    const third = await watch(callId, viewer);
    expect((await third.until((messages) => messages.find((m) => m.type === 'hello'))).interims).toEqual([]);
    expect((await room.events(0))!.events.map((e) => e.type)).not.toContain('interim');
  });

  it('whatever a monitor says is refused and disturbs nobody', async () => {
    const viewer = await signIn('viewer');
    const { callId, room, session } = await callInProgress();
    const rude = await watch(callId, viewer);
    const quiet = await watch(callId, viewer);
    rude.say('{"type":"hangUp"}');
    rude.say('x'.repeat(200_000));
    await rude.until((messages) => messages.filter((m) => m.type === 'refused').length === 2);
    await room.observe(session, observe('o1', words('u1', 'still here')));
    await quiet.until((messages) => eventsOf(messages).some((e) => e.type === 'wordsSpoken'));
    expect(quiet.messages.some((m) => m.type === 'refused')).toBe(false);
    rude.say('ping');
    await rude.until((messages) => (messages as unknown[]).includes('pong'));
  });
});

describe('the agent door', () => {
  it('DISPATCH-3 admits one agent: a second is refused and told to leave', async () => {
    const { callId, room } = await callInProgress('session-1');
    const second = await openAgentDoor(callId);
    second.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: 'session-2',
      identity: 'agent-2',
      clockMs: Date.now(),
    });
    const refused = await second.until((messages) => messages.find((m) => m.type === 'refused'));
    expect(refused.code).toBe('agent_present');
    await second.until((_messages, listener) => listener.closed ?? undefined);
    expect(second.closed?.code).toBe(4409);
    expect((await room.events(0))!.events.filter((e) => e.type === 'agentJoined')).toHaveLength(1);
  });

  it('malformed, oversized and early messages get a refusal with a code and the socket lives on', async () => {
    const { callId, room } = await newCall();
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
    const agent = await openAgentDoor(callId);
    agent.say('{');
    agent.say({ type: 'observe', observations: [{ id: 'o1', observation: { type: 'wordsSpoken' } }] });
    agent.say('x'.repeat(70_000));
    agent.say({ type: 'observe', observations: [observe('o1', words('u1', 'too early'))] });
    await agent.until((messages) => messages.filter((m) => m.type === 'refused').length === 4);
    const codes = agent.messages.flatMap((m) => (m.type === 'refused' ? [m.code] : []));
    expect(codes).toEqual(['malformed', 'malformed', 'oversized', 'session_unknown']);
    agent.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: 's1',
      identity: 'agent-1',
      clockMs: Date.now(),
    });
    await agent.until((messages) => messages.find((m) => m.type === 'welcome'));
  });

  it('an agent host that speaks another protocol is told to drain', async () => {
    const { callId, room } = await newCall();
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
    const agent = await openAgentDoor(callId);
    agent.say({ type: 'hello', protocol: 0, session: 's1', identity: 'agent-1', clockMs: Date.now() });
    await agent.until((_messages, listener) => listener.closed ?? undefined);
    expect(agent.closed?.code).toBe(4426);
  });

  it('DISPATCH-5 an agent whose link is gone for long is given up, and a successor is welcomed with what was said', async () => {
    const { callId, room } = await newCall();
    await room.take({ type: 'agentChosen', hostId: 'host-1', agentName: 'silent' });
    const agent = await openAgentDoor(callId);
    agent.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: 's1',
      identity: 'agent-1',
      clockMs: Date.now(),
    });
    await agent.until((messages) => messages.find((m) => m.type === 'welcome'));
    agent.say({ type: 'observe', observations: [observe('o1', words('u1', 'I want a blue one'))] });
    await agent.until((messages) => messages.find((m) => m.type === 'ack'));
    agent.socket.close();
    const lostAtMs = Date.now();
    await vi.waitFor(
      async () => expect((await room.events(0))!.events.map((e) => e.type)).toContain('agentLeft'),
      { timeout: 8_000, interval: 100 },
    );
    expect(
      (await room.events(0))!.events.find((e) => e.type === 'agentLeft')!.atMs - lostAtMs,
    ).toBeGreaterThanOrEqual(3_500);
    await room.take({ type: 'agentChosen', hostId: 'host-2', agentName: 'silent' });
    const successor = await openAgentDoor(callId, { offer: 2, hostId: 'host-2' });
    successor.say({
      type: 'hello',
      protocol: PROTOCOL_VERSION,
      session: 's2',
      identity: 'agent-2',
      clockMs: Date.now(),
    });
    const welcome = await successor.until((messages) => messages.find((m) => m.type === 'welcome'));
    expect(welcome).toMatchObject({
      successor: true,
      history: [{ speaker: 'customer', text: 'I want a blue one' }],
    });
  }, 15_000);
});

describe('deadlines', () => {
  it('DEADLINE-1 a customer who never comes ends the call, once, however often the clock rings', async () => {
    const { room } = await newCall();
    await runInDurableObject(room, async (object) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
      try {
        await object.alarm();
        await object.alarm();
      } finally {
        vi.useRealTimers();
      }
    });
    const ends = (await room.events(0))!.events.filter((e) => e.type === 'callEnded');
    expect(ends).toHaveLength(1);
    await runDurableObjectAlarm(room);
  });
});
