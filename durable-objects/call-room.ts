import { DurableObject } from 'cloudflare:workers';
import type { CallEvent } from '../domain/call/fact.ts';
import type { CallInput, Liveness } from '../domain/call/input.ts';
import type { CallRefusal } from '../domain/call/refusal.ts';
import type { CallState } from '../domain/call/state.ts';
import type { CallSummary } from '../domain/call/summary.ts';
import type { AgentDown, ObservationBatchSchema, ObservationResultsSchema, Observe } from '../protocol/agent.ts';
import type { AgentActivity, Interim } from '../protocol/interim.ts';
import type * as z from 'zod/mini';
import { applyCallEvent, foldCall } from '../domain/call/apply.ts';
import { deadlinesOf, RECONCILE_MS } from '../domain/call/deadlines.ts';
import { decide } from '../domain/call/decide.ts';
import { effectsOwed } from '../domain/call/effects.ts';
import { callRefusals } from '../domain/call/refusal.ts';
import { hasEnded } from '../domain/call/state.ts';
import { summarise } from '../domain/call/summary.ts';
import { AgentDoor, welcomeFor } from './agent-door.ts';
import { BoardReporter } from './board-reporter.ts';
import { Courier } from './courier.ts';
import type { Env } from './env.ts';
import { fingerprint } from './fingerprint.ts';
import { Journal } from './journal.ts';
import { LinkWatch } from './link-watch.ts';
import { log } from './log.ts';
import { mediaServerOf } from './media-server.ts';
import { MonitorGallery } from './monitor-gallery.ts';
import { Outbox } from './outbox.ts';
import { AGENT, attachmentOf } from './sockets.ts';

export type Taken = { readonly ok: true; readonly head: number } | { readonly ok: false; readonly refusal: CallRefusal };

export interface EventsPage {
  readonly epoch: string;
  readonly head: number;
  readonly events: CallEvent[];
}

const EVENTS_PER_PAGE = 500;

/**
 * One call. A shell around the domain: inputs go through `decide`, its facts and the effects they owe are written in
 * one transaction, then everyone who watches is told. Between `decide` and the transaction there is no `await`.
 */
export class CallRoom extends DurableObject<Env> {
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

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#journal = new Journal(ctx.storage.sql);
    this.#outbox = new Outbox(ctx.storage.sql);
    this.#call = foldCall(this.#journal.read(0, Number.MAX_SAFE_INTEGER));
    this.#monitors = new MonitorGallery(ctx);
    this.#agentDoor = new AgentDoor(ctx, this);
    this.#links = new LinkWatch(ctx, Date.now());
    this.#board = new BoardReporter(env, () => (this.#call === null ? null : summarise(this.#call)));
    this.#courier = new Courier(this.#outbox, {
      env,
      media: mediaServerOf(env),
      call: () => this.#require(),
      ledger: () => this.#journal.read(0, Number.MAX_SAFE_INTEGER),
      report: (input) => this.take(input).ok,
    });
    // Answered by the runtime without waking the object; its times tell whether an agent still lives.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
  }

  /** Takes one input: writes what it means, tells everyone, and starts on what is owed. */
  take(input: CallInput, observed?: { id: string; fingerprint: string }): Taken {
    const nowMs = Date.now();
    const decision = decide(this.#call, input, nowMs);
    if (!decision.ok) return decision;
    const events: CallEvent[] = [];
    let call = this.#call;
    this.ctx.storage.transactionSync(() => {
      for (const fact of decision.facts) {
        const event = this.#journal.append((call?.head ?? 0) + 1, nowMs, fact);
        const after = applyCallEvent(call, event);
        for (const owed of effectsOwed(call, event, after)) this.#outbox.owe(owed, nowMs);
        events.push(event);
        call = after;
      }
      if (observed) this.#journal.remember(observed.id, observed.fingerprint);
    });
    this.#call = call;
    if (events.length > 0) this.#tell(events);
    return { ok: true, head: call?.head ?? 0 };
  }

  /** What an agent observed. The same id again changes nothing; with other content it is refused (LEDGER-1). */
  observe(session: string, { id, observation }: Observe): z.infer<typeof ObservationResultsSchema>['results'][number] {
    const print = fingerprint({ session, observation });
    const seen = this.#journal.seen(id, print);
    if (seen === 'same') return { type: 'ack', id };
    if (seen === 'other') {
      log('warn', 'observation id reused with other content', { callId: this.#call?.request.callId, id });
      return { type: 'refused', id, code: 'observation_conflict', message: 'This id was used for something else.' };
    }
    const taken = this.take({ type: 'observe', session, observation }, { id, fingerprint: print });
    return taken.ok ? { type: 'ack', id } : { type: 'refused', id, ...taken.refusal };
  }

  /** The agent door as one request, for agents whose socket cannot be opened. */
  observeBatch(
    claims: { offer: number; hostId: string },
    batch: z.infer<typeof ObservationBatchSchema>,
  ): z.infer<typeof ObservationResultsSchema> | CallRefusal {
    const { session, identity, clockMs } = batch.hello;
    const hello = this.take({ type: 'agentHello', ...claims, session, identity, agentClockMs: clockMs });
    if (!hello.ok) return hello.refusal;
    this.#links.posted(Date.now());
    return { results: batch.observations.map((each) => this.observe(session, each)) };
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

  /** Sockets, already authorised by the Worker: `/monitor?user=&since=&epoch=` and `/agent?offer=&hostId=`. */
  override fetch(request: Request): Response {
    if (this.#call === null) return new Response(callRefusals.call_unknown, { status: 404 });
    const url = new URL(request.url);
    const { 0: client, 1: server } = new WebSocketPair();
    if (url.pathname === '/agent') {
      this.#agentDoor.admit(server, url.searchParams);
      this.#setAlarm();
    } else {
      this.#monitors.admit(server, url.searchParams, this.#call, (since) =>
        this.#journal.read(since, Number.MAX_SAFE_INTEGER),
      );
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    const attachment = attachmentOf(socket);
    if (attachment?.kind === 'agent') this.#agentDoor.heard(socket, attachment, message, this.#require());
    else this.#monitors.heard(socket);
  }

  override webSocketClose(socket: WebSocket): void {
    this.#dropped(socket);
  }

  override webSocketError(socket: WebSocket): void {
    this.#dropped(socket);
  }

  /** The agent's hello was accepted: its link stands. */
  agentLinked(session: string): void {
    this.#links.linked(session, Date.now());
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
  override async alarm(): Promise<void> {
    this.#alarmAtMs = null;
    if (this.#call === null) return;
    this.#links.check(this.#call, Date.now());
    if (!hasEnded(this.#call) && Date.now() - this.#reconciledAtMs >= RECONCILE_MS) await this.#reconcile();
    // Several deadlines may have passed while nobody looked: each may bring another.
    let head = -1;
    while (this.#nextDeadlineMs() <= Date.now() && head !== this.#require().head) {
      head = this.#require().head;
      this.take({ type: 'clock', liveness: this.#liveness() });
    }
    await this.#courier.deliverDue();
    this.#setAlarm();
  }

  /** Webhooks may never arrive: the media server's own list is asked (LEDGER-4). */
  async #reconcile(): Promise<void> {
    this.#reconciledAtMs = Date.now();
    const call = this.#require();
    const media = mediaServerOf(this.env);
    if (media === null || call.request.media === 'silent') return;
    try {
      const customers = await media.customersIn(call.request.room);
      if (customers.length > 0) this.#links.sign(Date.now());
      this.take({ type: 'roomListed', customers });
    } catch (error) {
      log('warn', 'reconcile failed', { callId: call.request.callId, error: String(error) });
    }
  }

  #tell(events: readonly CallEvent[]): void {
    this.#monitors.publish(events);
    this.#board.touch();
    for (const event of events) if (event.type === 'callEnded') this.#agentDoor.dismiss(event.reason);
    this.ctx.waitUntil(this.#courier.deliverDue().then(() => this.#setAlarm()));
    this.#setAlarm();
  }

  #dropped(socket: WebSocket): void {
    const attachment = attachmentOf(socket);
    if (attachment?.kind !== 'agent' || attachment.session === null) return;
    const session = attachment.session;
    const others = this.ctx.getWebSockets(AGENT).filter((each) => each !== socket);
    const stillLinked = others.some((each) => {
      const other = attachmentOf(each);
      return other?.kind === 'agent' && other.session === session;
    });
    if (!stillLinked) this.#links.lost(Date.now());
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
      this.#outbox.nextDueAtMs() ?? Number.POSITIVE_INFINITY,
      live ? Math.max(this.#reconciledAtMs, this.#call.requestedAtMs) + RECONCILE_MS : Number.POSITIVE_INFINITY,
      live ? this.#links.nextCheckAtMs(Date.now()) : Number.POSITIVE_INFINITY,
    );
    if (dueAtMs === Number.POSITIVE_INFINITY) return;
    if (this.#alarmAtMs !== null && this.#alarmAtMs <= dueAtMs && this.#alarmAtMs > Date.now()) return;
    this.#alarmAtMs = Math.max(dueAtMs, Date.now() + 1);
    void this.ctx.storage.setAlarm(this.#alarmAtMs);
  }

  #require(): CallState {
    if (this.#call === null) throw new Error('the call does not exist');
    return this.#call;
  }
}
