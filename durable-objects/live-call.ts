import type { CallEvent } from '../domain/call/fact.ts';
import type { CallInput, Liveness } from '../domain/call/input.ts';
import type { CallRefusal } from '../domain/call/refusal.ts';
import type { CallState } from '../domain/call/state.ts';
import type { CallSummary } from '../domain/call/summary.ts';
import type {
  AgentDown,
  ObservationBatchSchema,
  ObservationResultsSchema,
  Observe,
} from '../protocol/agent.ts';
import type { AgentActivity, Interim } from '../protocol/interim.ts';
import type * as z from 'zod/mini';
import { applyCallEvent, foldCall } from '../domain/call/apply.ts';
import { deadlinesOf, RECONCILE_MS } from '../domain/call/deadlines.ts';
import { decide } from '../domain/call/decide.ts';
import { effectsOwed } from '../domain/call/effects.ts';
import { hasEnded } from '../domain/call/state.ts';
import { summarise } from '../domain/call/summary.ts';
import { AgentDoor, welcomeFor } from './agent-door.ts';
import { BoardReporter } from './board-reporter.ts';
import { Courier } from './courier.ts';
import { fingerprint } from './fingerprint.ts';
import { Journal } from './journal.ts';
import { LinkWatch } from './link-watch.ts';
import { log } from './log.ts';
import { MonitorGallery } from './monitor-gallery.ts';
import type { ParkedEffect } from './outbox.ts';
import { Outbox } from './outbox.ts';
import { attachmentOf } from './sockets.ts';
import type { Outside, Surroundings } from './surroundings.ts';

export type Taken =
  { readonly ok: true; readonly head: number } | { readonly ok: false; readonly refusal: CallRefusal };

export type ObservationBatch = z.infer<typeof ObservationBatchSchema>;

export interface EventsPage {
  readonly epoch: string;
  readonly head: number;
  readonly events: CallEvent[];
}

const EVENTS_PER_PAGE = 500;

/**
 * One call, alive. Inputs go through `decide`; its facts and the effects they owe are written in one transaction; then
 * everyone who watches is told. Between `decide` and the transaction there is no `await`. It knows no runtime: storage,
 * clock and sockets are its surroundings, so that the simulation runs this very class.
 */
export class LiveCall {
  readonly #around: Surroundings;
  readonly #outside: Outside;
  readonly #journal: Journal;
  readonly #outbox: Outbox;
  readonly #courier: Courier;
  readonly #monitors: MonitorGallery;
  readonly #agentDoor: AgentDoor;
  readonly #links: LinkWatch;
  readonly #board: BoardReporter;
  #call: CallState | null;
  /** Earliest time the alarm is set for; null when none is known. */
  #alarmAtMs: number | null = null;
  #reconciledAtMs = 0;

  constructor(around: Surroundings, outside: Outside) {
    this.#around = around;
    this.#outside = outside;
    this.#journal = new Journal(around.sql);
    this.#outbox = new Outbox(around.sql);
    this.#call = foldCall(this.#journal.read(0, Number.MAX_SAFE_INTEGER));
    this.#monitors = new MonitorGallery(around);
    this.#agentDoor = new AgentDoor(around, this);
    this.#links = new LinkWatch(around);
    this.#board = new BoardReporter(around, outside, () => this.summary());
    this.#courier = new Courier(this.#outbox, {
      outside,
      nowMs: () => around.nowMs(),
      call: () => this.#require(),
      ledger: () => this.#journal.read(0, Number.MAX_SAFE_INTEGER),
      report: (input) => this.take(input).ok,
      settled: () => this.#setAlarm(),
    });
  }

  /** Takes one input: writes what it means, tells everyone, and starts on what is owed. */
  take(input: CallInput, observed?: { id: string; fingerprint: string }): Taken {
    const nowMs = this.#around.nowMs();
    const decision = decide(this.#call, input, nowMs);
    if (!decision.ok) return decision;
    const events: CallEvent[] = [];
    let call = this.#call;
    let owing = false;
    this.#around.transaction(() => {
      for (const fact of decision.facts) {
        const event = this.#journal.append((call?.head ?? 0) + 1, nowMs, fact);
        const after = applyCallEvent(call, event);
        for (const owed of effectsOwed(call, event, after)) {
          this.#outbox.owe(owed, nowMs);
          owing = true;
        }
        events.push(event);
        call = after;
      }
      if (observed) this.#journal.remember(observed.id, observed.fingerprint);
    });
    this.#call = call;
    if (events.length > 0) this.#tell(events, owing);
    return { ok: true, head: call?.head ?? 0 };
  }

  /** What an agent observed. The same id again changes nothing; with other content it is refused (LEDGER-1). */
  observe(
    session: string,
    { id, observation }: Observe,
  ): z.infer<typeof ObservationResultsSchema>['results'][number] {
    const print = fingerprint({ session, observation });
    const seen = this.#journal.seen(id, print);
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
    const taken = this.take({ type: 'observe', session, observation }, { id, fingerprint: print });
    return taken.ok ? { type: 'ack', id } : { type: 'refused', id, ...taken.refusal };
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
    return { results: batch.observations.map((each) => this.observe(session, each)) };
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

  transcript(): CallState['transcript'] | null {
    return this.#call === null ? null : this.#call.transcript;
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
    this.#monitors.admit(socket, asked, this.#require(), (since) =>
      this.#journal.read(since, Number.MAX_SAFE_INTEGER),
    );
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
    return welcomeFor(this.#require(), session);
  }

  interim(interim: Interim): void {
    this.#monitors.interim(interim);
  }

  activity(activity: AgentActivity): void {
    this.#monitors.activity(activity);
  }

  /** One clock for every deadline. It may ring early, late or twice: the state says what is due. */
  async alarm(): Promise<void> {
    this.#alarmAtMs = null;
    if (this.#call === null) return;
    this.#links.check(this.#call, this.#around.nowMs());
    this.#monitors.check(this.#around.nowMs());
    if (!hasEnded(this.#call) && this.#around.nowMs() - this.#reconciledAtMs >= RECONCILE_MS)
      await this.#reconcile();
    // Several deadlines may have passed while nobody looked: each may bring another.
    let head = -1;
    while (this.#nextDeadlineMs() <= this.#around.nowMs() && head !== this.#require().head) {
      head = this.#require().head;
      this.take({ type: 'clock', liveness: this.#liveness() });
    }
    // Not awaited: the runtime rings the next alarm only after this one, and no deadline waits for a service that is stuck.
    this.#around.background(this.#courier.deliverDue());
    this.#setAlarm();
  }

  /** Webhooks may never arrive: the media server's own list is asked (LEDGER-4). */
  async #reconcile(): Promise<void> {
    this.#reconciledAtMs = this.#around.nowMs();
    const call = this.#require();
    const media = this.#outside.media;
    if (media === null || call.request.media === 'silent') return;
    try {
      const customers = await media.customersIn(call.request.room);
      if (customers.length > 0) this.#links.sign(this.#around.nowMs());
      this.take({ type: 'roomListed', customers });
    } catch (error) {
      log('warn', 'reconcile failed', { callId: call.request.callId, error: String(error) });
    }
  }

  #tell(events: readonly CallEvent[], owing: boolean): void {
    this.#monitors.publish(events);
    this.#board.touch();
    for (const event of events) if (event.type === 'callEnded') this.#agentDoor.dismiss(event.reason);
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
    return this.#links.liveness(this.#require());
  }

  #nextDeadlineMs(): number {
    return deadlinesOf(this.#require(), this.#liveness())[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Sets the alarm to the earliest thing due, and only writes when that is sooner than what is set. */
  #setAlarm(): void {
    if (this.#call === null) return;
    const live = !hasEnded(this.#call);
    const dueAtMs = Math.min(
      this.#nextDeadlineMs(),
      this.#courier.nextDueAtMs() ?? Number.POSITIVE_INFINITY,
      live
        ? Math.max(this.#reconciledAtMs, this.#call.requestedAtMs) + RECONCILE_MS
        : Number.POSITIVE_INFINITY,
      live ? this.#links.nextCheckAtMs(this.#around.nowMs()) : Number.POSITIVE_INFINITY,
    );
    if (dueAtMs === Number.POSITIVE_INFINITY) return;
    if (this.#alarmAtMs !== null && this.#alarmAtMs <= dueAtMs && this.#alarmAtMs > this.#around.nowMs())
      return;
    this.#alarmAtMs = Math.max(dueAtMs, this.#around.nowMs() + 1);
    this.#around.setAlarm(this.#alarmAtMs);
  }

  #require(): CallState {
    if (this.#call === null) throw new Error('the call does not exist');
    return this.#call;
  }
}
