import type { CallEvent, CallRequested } from '../domain/call/fact.ts';
import type { CallInput, Liveness } from '../domain/call/input.ts';
import type { CallRefusal } from '../domain/call/refusal.ts';
import type { CallState } from '../domain/call/state.ts';
import type { CallSummary } from '../domain/call/summary.ts';
import type {
  AgentDown,
  ObservationBatchSchema,
  ObservationResultsSchema,
  Observed,
} from '../protocol/agent.ts';
import type { AgentActivity, Interim } from '../protocol/interim.ts';
import type { ConnectionQuality } from '../protocol/supervision.ts';
import type * as z from 'zod/mini';
import type { Profile } from '../domain/profile/profile.ts';
import { foldCall } from '../domain/call/apply.ts';
import { deadlinesOf } from '../domain/call/deadlines.ts';
import { hasEnded } from '../domain/call/state.ts';
import { summarise } from '../domain/call/summary.ts';
import { AgentDoor, welcomeFor } from './agent-door.ts';
import type { Told } from './call-profile.ts';
import { keepProfile, keptBeside, keptProfile } from './call-profile.ts';
import { BoardReporter } from './board-reporter.ts';
import { Courier } from './courier.ts';
import { Draft } from './draft.ts';
import type { Erased, ErasureWish } from './eraser.ts';
import { Eraser } from './eraser.ts';
import { fingerprint } from './fingerprint.ts';
import type { Reporter, SessionObserved } from './intake.ts';
import { Intake } from './intake.ts';
import type { EventsPage } from './journal.ts';
import { Journal } from './journal.ts';
import { LinkWatch } from './link-watch.ts';
import { log } from './log.ts';
import { MonitorGallery } from './monitor-gallery.ts';
import type { ParkedEffect } from './outbox.ts';
import { Outbox } from './outbox.ts';
import { RoomWatch } from './room-watch.ts';
import { attachmentOf } from './sockets.ts';
import type { Outside, Surroundings } from './surroundings.ts';

export type Taken =
  | {
      readonly ok: true;
      readonly head: number;
      /** Something was written: it was not only a repetition. */
      readonly changed: boolean;
    }
  | { readonly ok: false; readonly refusal: CallRefusal };

type ObservationAnswers = readonly z.infer<typeof ObservationResultsSchema>['results'][number][];

export type ObservationBatch = z.infer<typeof ObservationBatchSchema>;

const EVENTS_PER_PAGE = 500;

/**
 * One call, alive. Inputs go through `decide`; its facts and the effects they owe are written in one transaction; then
 * everyone who watches is told. Between `decide` and the transaction there is no `await`. It knows no runtime: storage,
 * clock and sockets are its surroundings, so that the simulation runs this very class.
 */
export class LiveCall {
  readonly #around: Surroundings;
  readonly #journal: Journal;
  readonly #outbox: Outbox;
  readonly #intake: Intake<ObservationAnswers[number]>;
  readonly #courier: Courier;
  readonly #monitors: MonitorGallery;
  readonly #agentDoor: AgentDoor;
  readonly #links: LinkWatch;
  readonly #board: BoardReporter;
  readonly #eraser: Eraser;
  readonly #room: RoomWatch;
  #call: CallState | null;
  /** Earliest time the alarm is set for; null when none is known. */
  #alarmAtMs: number | null = null;

  constructor(around: Surroundings, outside: Outside) {
    this.#around = around;
    this.#journal = new Journal(around.sql);
    this.#outbox = new Outbox(around.sql);
    this.#eraser = new Eraser(around, this.#journal, this.#outbox);
    this.#call = foldCall(this.#journal.read(0));
    this.#monitors = new MonitorGallery(around);
    this.#intake = new Intake(
      around,
      (observations) => this.observe(observations),
      () => this.#monitors.isCrowded,
    );
    this.#agentDoor = new AgentDoor(around, this);
    this.#links = new LinkWatch(around);
    this.#board = new BoardReporter(around, outside, () => this.summary());
    this.#room = new RoomWatch(around, outside.media, {
      call: () => this.#require(),
      take: (input) => void this.take(input),
      sign: () => this.#links.sign(around.nowMs()),
      settled: () => this.#setAlarm(),
    });
    this.#courier = new Courier(this.#outbox, {
      outside,
      nowMs: () => around.nowMs(),
      call: () => this.#require(),
      profile: () => this.#profile(),
      ledger: () => this.#journal.read(0),
      report: (input) => this.take(input).ok,
      settled: () => this.#setAlarm(),
    });
  }

  /** Begins the call: what its agent will be told is kept with it. */
  request(request: Omit<CallRequested, 'type'>, ...told: Told): Taken {
    if (this.#call === null) keepProfile(this.#around, ...told);
    return this.take({ type: 'requestCall', ...request });
  }

  /** Takes one input: writes what it means, tells everyone, and starts on what is owed. */
  take(input: CallInput): Taken {
    const draft = new Draft(this.#call, this.#around.nowMs());
    const decision = draft.take(input);
    if (!decision.ok) return decision;
    this.#write(draft);
    return { ok: true, head: this.#call?.head ?? 0, changed: draft.facts.length > 0 };
  }

  /** Everything of one turn in one transaction: it stands as a whole, or the turn never was. */
  #write(draft: Draft): void {
    if (draft.isEmpty) return;
    this.#around.transaction(() => {
      this.#journal.append(draft.firstSeq, draft.nowMs, draft.facts, draft.observed);
      this.#outbox.owe(draft.owed, draft.nowMs);
    });
    this.#journal.remember(draft.observed);
    this.#call = draft.call;
    if (draft.events.length > 0) this.#tell(draft.events, draft.owed.length > 0);
    this.#eraseAsWished();
  }

  /** Erases what is personal, or remembers to when the call ends (PRIVACY-5, PRIVACY-6). */
  async erase(wish: ErasureWish): Promise<Erased> {
    if (this.#call === null) return 'unknown';
    this.#eraser.wish(wish);
    if (!hasEnded(this.#call)) return 'waiting';
    this.#eraseAsWished();
    await this.#courier.deliverDue();
    return this.#eraser.owesCopies ? 'owing' : 'erased';
  }

  #eraseAsWished(): void {
    const left = this.#call === null ? null : this.#eraser.eraseAsWished(this.#call);
    if (left === null) return;
    this.#call = left;
    this.#monitors.startOver();
    this.#setAlarm();
  }

  /** What an agent reports on its socket; it is answered once it is written. */
  hear(
    session: string,
    observations: readonly Observed[],
    reporter: Reporter<ObservationAnswers[number]>,
  ): void {
    this.#intake.take(session, observations, reporter);
  }

  /** What agents observed. The same id again changes nothing; with other content it is refused (LEDGER-1). */
  observe(observations: readonly SessionObserved[]): ObservationAnswers {
    const draft = new Draft(this.#call, this.#around.nowMs());
    const answers = observations.map((each) => this.#observeOne(draft, each));
    this.#write(draft);
    return answers;
  }

  #observeOne(draft: Draft, { session, id, observation }: SessionObserved): ObservationAnswers[number] {
    const print = fingerprint({ session, observation });
    const drafted = draft.observed.get(id);
    const seen = drafted === undefined ? this.#journal.seen(id, print) : drafted === print ? 'same' : 'other';
    if (seen === 'same') return { type: 'ack', id };
    if (seen === 'other') {
      log('warn', 'observation id reused with other content', { callId: this.#call?.request.callId, id });
      return {
        type: 'refused',
        id,
        code: 'observation_conflict',
        message: 'This id was used for something else.',
      };
    }
    const decision = draft.take({ type: 'observe', session, observation });
    if (!decision.ok) return { type: 'refused', id, ...decision.refusal };
    draft.observed.set(id, print);
    return { type: 'ack', id };
  }

  /** The agent door as one request, for agents whose socket cannot be opened. */
  observeBatch(
    claims: { offer: number; hostId: string },
    batch: ObservationBatch,
  ): z.infer<typeof ObservationResultsSchema> | CallRefusal {
    const { session, identity, clockMs } = batch.hello;
    const hello = this.take({ type: 'agentHello', ...claims, session, identity, agentClockMs: clockMs });
    if (!hello.ok) return hello.refusal;
    this.#links.posted(session, this.#around.nowMs());
    return { results: [...this.observe(batch.observations.map((each) => ({ ...each, session })))] };
  }

  get exists(): boolean {
    return this.#call !== null;
  }

  events(since: number): EventsPage | null {
    if (this.#call === null) return null;
    return {
      epoch: this.#call.request.epoch,
      head: this.#call.head,
      events: this.#journal.read(since, EVENTS_PER_PAGE),
    };
  }

  summary(): CallSummary | null {
    return this.#call === null ? null : summarise(this.#call);
  }

  get state(): CallState | null {
    return this.#call;
  }

  /** Effects that were given up and wait for a person (EFFECT-2). */
  parkedEffects(): readonly ParkedEffect[] {
    return this.#outbox.parked();
  }

  /** A person asks for them to be tried again. Returns how many there were. */
  retryParkedEffects(): number {
    const retried = this.#outbox.retryParked(this.#around.nowMs());
    if (retried > 0) this.#around.background(this.#courier.deliverDue());
    this.#setAlarm();
    return retried;
  }

  /** An agent's socket; `claims` are those of a verified door token. */
  admitAgent(socket: WebSocket, claims: URLSearchParams): void {
    this.#agentDoor.admit(socket, claims);
    this.#setAlarm();
  }

  /** A monitor's socket: it gets what it has not seen yet, then everything new. */
  admitMonitor(socket: WebSocket, asked: URLSearchParams): void {
    this.#monitors.admit(socket, asked, this.#require(), (since) => this.#journal.read(since));
  }

  heard(socket: WebSocket, message: string | ArrayBuffer): void {
    const attachment = attachmentOf(socket);
    if (attachment?.kind === 'agent') this.#agentDoor.heard(socket, attachment, message, this.#require());
    else this.#monitors.heard(socket);
  }

  /** The agent's hello was accepted: its link stands. */
  agentLinked(session: string): void {
    this.#links.linked(session, this.#around.nowMs());
    this.#setAlarm();
  }

  welcome(session: string): AgentDown {
    return welcomeFor(this.#require(), session, this.#profile(), keptBeside(this.#around));
  }

  interim(interim: Interim): void {
    this.#monitors.interim(interim);
  }

  activity(activity: AgentActivity): void {
    this.#monitors.activity(activity);
  }

  quality(quality: ConnectionQuality): void {
    this.#monitors.quality(quality);
  }

  /** One clock for every deadline. It may ring early, late or twice: the state says what is due. */
  alarm(): void {
    this.#alarmAtMs = null;
    if (this.#call === null) return;
    this.#eraseAsWished();
    const nowMs = this.#around.nowMs();
    this.#links.check(this.#call, nowMs);
    this.#monitors.check(nowMs);
    // Neither is awaited: the next alarm rings only after this one, and no deadline waits for a service that is stuck.
    this.#room.look(this.#call);
    // Several deadlines may have passed while nobody looked: each may bring another.
    let head = -1;
    while (this.#nextDeadlineMs() <= nowMs && head !== this.#require().head) {
      head = this.#require().head;
      this.take({ type: 'clock', liveness: this.#liveness() });
    }
    this.#around.background(this.#courier.deliverDue());
    this.#setAlarm();
  }

  #tell(events: readonly CallEvent[], owing: boolean): void {
    this.#monitors.publish(events);
    this.#board.touch();
    this.#agentDoor.tell(events, this.#require());
    if (owing) this.#around.background(this.#courier.deliverDue());
    this.#setAlarm();
  }

  /** A socket closed or broke. */
  dropped(socket: WebSocket): void {
    if (this.#call === null) return;
    this.#links.dropped(socket, this.#call, this.#around.nowMs());
    this.#setAlarm();
  }

  #liveness(): Liveness {
    const liveness = this.#links.liveness(this.#require());
    // While the room is being asked who is there, nobody is taken for dead.
    return this.#room.isAsking ? { ...liveness, lastSignAtMs: this.#around.nowMs() } : liveness;
  }

  #nextDeadlineMs(): number {
    return deadlinesOf(this.#require(), this.#liveness())[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Sets the alarm to the earliest thing due, and only writes when that is sooner than what is set. */
  #setAlarm(): void {
    if (this.#call === null) return;
    const dueAtMs = Math.min(
      this.#nextDeadlineMs(),
      this.#courier.nextDueAtMs() ?? Number.POSITIVE_INFINITY,
      this.#room.dueAtMs(this.#call),
      hasEnded(this.#call) ? Number.POSITIVE_INFINITY : this.#links.nextCheckAtMs(this.#call),
    );
    if (dueAtMs === Number.POSITIVE_INFINITY) return;
    if (this.#alarmAtMs !== null && this.#alarmAtMs <= dueAtMs && this.#alarmAtMs > this.#around.nowMs())
      return;
    this.#alarmAtMs = Math.max(dueAtMs, this.#around.nowMs() + 1);
    this.#around.setAlarm(this.#alarmAtMs);
  }

  #profile(): Profile {
    return keptProfile(this.#around, this.#require().request.profile);
  }

  #require(): CallState {
    if (this.#call === null) throw new Error('the call does not exist');
    return this.#call;
  }
}
