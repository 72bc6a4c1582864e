import type { CallEvent } from '../../domain/call/fact.ts';
import { foldCall } from '../../domain/call/apply.ts';
import { STALE_MS } from '../../domain/call/deadlines.ts';
import type { CallInput } from '../../domain/call/input.ts';
import { AgentProcess } from './agent-process.ts';
import { Monitor } from './monitor.ts';
import { ObjectHost } from './object-host.ts';
import type { Weather } from './outside-world.ts';
import { OutsideWorld } from './outside-world.ts';
import { Chance } from './random.ts';
import { VirtualClock } from './virtual-clock.ts';

const START_MS = 1_790_000_000_000;
const HOSTS = ['host-a', 'host-b', 'host-c'];
const SEATS = 2;
const HEARTBEAT_MS = 5_000;
/** LiveKit tries a webhook that was answered with 5xx again after these, then drops it. */
const WEBHOOK_RETRIES_MS = [1_000, 2_000, 4_000, 8_000];
/** However it went, everything has come to rest by then. */
const LONGEST_MS = 3 * 3_600_000;
/** Two agents may overlap only while the given-up one has not heard of it yet. */
const OVERLAP_MS = 12_000;

export interface CallOutcome {
  readonly violations: readonly string[];
  readonly events: readonly CallEvent[];
  /** What the world did, for a violation's history. */
  readonly story: readonly string[];
}

const calm: Weather = {
  effectFails: 0,
  effectSucceedsButAnswerLost: 0,
  webhookLost: 0,
  webhookRepeated: 0,
  hostIsGhost: 0,
  linkCutsPerMinute: 0,
  agentDies: 0,
  machineVanishes: 0,
  objectEvictsPerMinute: 0,
  objectAbortsPerMinute: 0,
  monitorCutsPerMinute: 0,
  storageFails: 0,
};

function weatherFor(chance: Chance): Weather {
  if (chance.happens(0.1)) return calm;
  const some = (most: number): number => (chance.happens(0.5) ? 0 : chance.next() * most);
  return {
    effectFails: some(0.5),
    effectSucceedsButAnswerLost: some(0.3),
    webhookLost: chance.happens(0.15) ? 1 : some(0.6),
    webhookRepeated: some(0.5),
    hostIsGhost: some(0.4),
    linkCutsPerMinute: some(8),
    agentDies: some(0.5),
    machineVanishes: some(0.3),
    objectEvictsPerMinute: some(10),
    objectAbortsPerMinute: some(5),
    monitorCutsPerMinute: some(6),
    storageFails: some(0.02),
  };
}

/** One call from its request to rest, in a world seeded by `seed`. Every invariant is looked at as it goes and at the end. */
export async function simulateCall(seed: number): Promise<CallOutcome> {
  const chance = new Chance(seed);
  const clock = new VirtualClock(START_MS);
  const weather = weatherFor(chance);
  const world = new OutsideWorld(clock, chance, weather);
  const host = new ObjectHost(clock, chance, world.outside);
  const violations: string[] = [];
  const story: string[] = [];
  const tell = (what: string): void => void story.push(`${((clock.nowMs - START_MS) / 1000).toFixed(3)} ${what}`);
  const complain = (what: string): void => {
    tell(`VIOLATION ${what}`);
    violations.push(what);
  };
  const agents: AgentProcess[] = [];
  const ghosts = new Set(HOSTS.filter(() => chance.happens(weather.hostIsGhost)));
  let customer: string | null = null;
  let ended = false;
  let lastLifeMs = START_MS;

  // ── hosts ──
  const beat = (hostId: string): void => {
    const active = agents.filter((each) => each.hostId === hostId && !each.over).map(() => 'c1');
    world.heartbeat(hostId, SEATS, active);
    // A request on its way when the object crashed may reserve a seat after all was given back: it lapses by itself,
    // as the next heartbeats find (DISPATCH-6).
    if (!ended || active.length > 0 || world.roster.reservations.length > 0) clock.after(HEARTBEAT_MS, () => beat(hostId));
  };
  for (const hostId of HOSTS) clock.after(chance.delay(0, 15_000), () => beat(hostId));
  world.onDispatch = (hostId, metadata) => {
    tell(`dispatch to ${hostId}${ghosts.has(hostId) ? ', a ghost' : ''}`);
    if (ghosts.has(hostId)) return;
    const { doorToken } = JSON.parse(metadata) as { doorToken: string };
    agents.push(
      new AgentProcess(
        { clock, chance, weather, host, world, customerPresent: () => customer !== null },
        agents.length + 1,
        JSON.parse(doorToken) as { offer: number; hostId: string },
      ),
    );
  };
  world.onRemoved = (identity) => agents.find((each) => each.identity === identity)?.removed();
  world.onRoomClosed = () => {
    tell('room closed');
    customer = null;
    for (const each of agents) each.roomClosed();
    webhook({ type: 'roomFinished' });
  };

  // ── webhooks ──
  const webhook = (input: CallInput): void => {
    const copies = chance.happens(weather.webhookRepeated) ? chance.between(2, 5) : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (chance.happens(weather.webhookLost)) continue;
      clock.after(chance.delay(5, 40_000), () => send(input, 0));
    }
  };
  const send = (input: CallInput, attempt: number): void => {
    if (host.take(input) !== null) return;
    const retryMs = WEBHOOK_RETRIES_MS[attempt];
    if (retryMs !== undefined) clock.after(retryMs, () => send(input, attempt + 1));
  };

  // ── the customer ──
  let connections = 0;
  const enter = (): void => {
    if (world.room.closedAtMs !== null) return;
    const connection = `PA_${++connections}`;
    customer = connection;
    world.room.exists = true;
    world.room.present.set('customer-c1', connection);
    tell(`customer in as ${connection}`);
    webhook({ type: 'customerSeen', participant: { identity: 'customer-c1', connection } });
    clock.after(chance.delay(500, 240_000), () => {
      if (customer !== connection) return;
      customer = null;
      world.room.present.delete('customer-c1');
      tell('customer out');
      webhook({ type: 'customerGone', participant: { identity: 'customer-c1', connection } });
      if (chance.happens(0.15)) clock.after(chance.between(200, 6_000), enter);
    });
  };
  if (!chance.happens(0.08)) clock.after(chance.delay(50, 70_000), enter);

  // ── a supervisor, sometimes ──
  if (chance.happens(0.15)) clock.after(chance.between(1_000, 120_000), () => void host.take({ type: 'hangUp', by: 'u1' }));

  // ── the runtime ──
  const disturb = (perMinute: number, what: () => void): void => {
    if (perMinute === 0) return;
    clock.after(chance.between(100, Math.round(120_000 / perMinute)), () => {
      if (ended) return;
      what();
      disturb(perMinute, what);
    });
  };
  disturb(weather.objectEvictsPerMinute, () => host.evict());
  disturb(weather.objectAbortsPerMinute, () => {
    tell('the object crashed');
    host.abort();
  });
  if (weather.storageFails > 0) disturb(60 * weather.storageFails, () => void (host.storage.failNext = true));
  const monitors = [0, 1].map(() => null as Monitor | null);

  // ── the request: asked again until it is answered ──
  const request: CallInput = {
    type: 'requestCall',
    callId: 'c1',
    epoch: 'e1',
    room: 'call-c1',
    profile: 'auto-sales',
    channel: 'web',
    media: 'livekit',
    contact: { name: null },
    requestedBy: 'customer',
  };
  while (host.take(request) === null);
  monitors.forEach((_none, index) => {
    monitors[index] = new Monitor(clock, chance, weather, host, complain);
  });

  // ── run ──
  let seen = 0;
  let overlapSinceMs: number | null = null;
  const events: CallEvent[] = [];
  const look = (): void => {
    for (const event of host.live.events(seen)?.events ?? []) {
      seen = event.seq;
      events.push(event);
      tell(`#${event.seq} ${event.type}${'outcome' in event ? ` ${event.outcome}` : ''}`);
      const endAt = events.findIndex((each) => each.type === 'callEnded');
      if (endAt !== -1 && endAt < events.length - 1 && !LATE.has(event.type)) complain(`${event.type} after the end`);
      if (event.type === 'callEnded' && endAt === events.length - 1) {
        ended = true;
        // From here on everything owed must come through.
        world.calmFromMs = clock.nowMs + chance.delay(0, 600_000);
        const lateMs = clock.nowMs - lastLifeMs;
        if (lateMs > STALE_MS + 15_000) complain(`ended ${lateMs} ms after the last sign of life`);
      }
    }
    if (customer !== null || agents.some((each) => each.serving)) lastLifeMs = clock.nowMs;
    const serving = agents.filter((each) => each.serving && each.alive).length;
    if (serving <= 1) overlapSinceMs = null;
    else overlapSinceMs ??= clock.nowMs;
    if (overlapSinceMs !== null && clock.nowMs - overlapSinceMs > OVERLAP_MS) complain('two agents stay in one call');
  };
  const run = async (untilMs: number): Promise<void> => {
    while (violations.length === 0 && clock.step(untilMs)) {
      await settled();
      look();
    }
  };
  await run(START_MS + LONGEST_MS);

  // ── a person looks after what was given up, then all must be at rest ──
  host.storage.failNext = false;
  for (let rounds = 0; rounds < 3 && host.live.parkedEffects().length > 0; rounds++) {
    tell(`${host.live.parkedEffects().length} parked effects tried again by a person`);
    host.live.retryParkedEffects();
    await run(clock.nowMs + LONGEST_MS);
  }
  for (const monitor of monitors) monitor?.lookAgain();
  await run(clock.nowMs + 60_000);
  if (violations.length === 0) atRest();
  for (const monitor of monitors) monitor?.close();
  host.close();
  return { violations, events, story };

  function atRest(): void {
    const ends = events.filter((event) => event.type === 'callEnded').length;
    if (ends !== 1) return complain(`${ends} ends`);
    const rebuilt = foldCall(events);
    const state = JSON.stringify(rebuilt);
    if (world.projection !== state) complain('D1 differs from a rebuild');
    if (JSON.stringify(world.archived) !== JSON.stringify(events)) complain('R2 differs from the ledger');
    if (world.boardRow?.phase !== 'ended' || world.boardRow.head !== rebuilt!.head) complain('the board shows another state');
    if (world.room.exists) complain('the room is still open');
    if (world.room.present.size > 0) complain(`still in the room: ${[...world.room.present.keys()].join(', ')}`);
    if (world.roster.reservations.length > 0) complain('a seat was never given back');
    if (world.roster.hosts.some((each) => each.activeCallIds.length > 0)) complain('a host still counts the call');
    const written = events.flatMap((event) => (event.type === 'wordsSpoken' ? [event.utteranceId] : []));
    if (new Set(written).size !== written.length) complain('words were written twice');
    for (const agent of agents) {
      for (const observation of agent.acked.values()) {
        if (observation.type === 'wordsSpoken' && !written.includes(observation.utteranceId)) {
          complain(`acknowledged words are missing: ${observation.utteranceId}`);
        }
      }
      if (agent.alive && !agent.over) complain(`${agent.identity} was never let go`);
    }
    const starts = rebuilt!.transcript.map((each) => each.startedAtMs);
    if (starts.some((at, index) => index > 0 && at < (starts[index - 1] as number))) complain('words out of speaking order');
    for (const monitor of monitors) {
      if (JSON.stringify(monitor?.events) !== JSON.stringify(events)) complain('a monitor saw another ledger');
    }
    if (host.live.parkedEffects().length > 0) complain('effects are still parked');
  }
}

const LATE: ReadonlySet<string> = new Set(['wordsSpoken', 'turnMeasured', 'usageReported']);

/** Lets every promise that can settle do so, before time goes on. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
