import { DurableObject } from 'cloudflare:workers';
import type { CallSummary } from '../domain/call/summary.ts';
import type { Sight } from '../domain/privacy/sight.ts';
import type { Seats } from '../protocol/board.ts';
import type { CampaignProgress } from '../protocol/campaign-progress.ts';
import { closeCodes } from '../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { dismissPerson, sendInSight, sightNamed } from './authorisation.ts';
import { BoardCampaigns } from './board-campaigns.ts';
import type { BoardRow } from './board-row.ts';
import { BoardRows, rowInSight } from './board-row.ts';
import type { Env } from './env.ts';
import { callRoomOf, dialerOf, fleetOf } from './env.ts';
import { inLanes } from './in-lanes.ts';
import { log } from './log.ts';
import { close, send } from './sockets.ts';

/** Changes are gathered this long and sent as one delta. */
const TICK_MS = 200;
/** Ended calls stay on the board this long. */
const LINGER_MS = 120_000;
/** Calls asked at once how they stand, after the board's memory was lost. */
const ASKED_AT_ONCE = 40;

/**
 * The live board: a projection of every call in progress. Dashboards get a snapshot, then deltas numbered without gaps.
 * It holds nothing that the ledgers do not: an older row never replaces a newer one, and a lost row is announced again.
 * Storage keeps which calls there are and their phase, for each row written is paid for; how they stand beyond that is
 * kept in memory, and after that was lost the calls themselves are asked and dashboards get a new snapshot.
 */
export class Board extends DurableObject<Env> {
  readonly #rows: BoardRows;
  readonly #campaigns: BoardCampaigns;
  readonly #changed = new Set<string>();
  readonly #changedCampaigns = new Set<string>();
  readonly #removed = new Set<string>();
  /** Counts from 0 in each life of the object. */
  #version = 0;
  #seats: Seats = { hosts: 0, seats: 0, taken: 0 };
  #seatsChanged = false;
  /** Dashboards are there whose numbers belong to an earlier life. */
  #startOver: boolean;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#rows = new BoardRows(ctx.storage.sql);
    this.#campaigns = new BoardCampaigns(ctx.storage.sql);
    this.#startOver = ctx.getWebSockets().length > 0;
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    ctx.waitUntil(this.#askAgain());
  }

  announce(row: BoardRow): void {
    const known = this.#rows.get(row.callId);
    if (known !== undefined && known.head >= row.head) return;
    // A late word of a call that has left the board does not bring it back.
    if (known === undefined && row.endedAtMs !== null && Date.now() - row.endedAtMs > LINGER_MS) return;
    this.#rows.set(row);
    this.#changed.add(row.callId);
    this.#removed.delete(row.callId);
    this.#schedule();
    if (row.endedAtMs !== null) void this.#sweepLater();
  }

  /** The row goes now: what it says of a person was erased. */
  forget(callId: string): void {
    if (this.#rows.get(callId) === undefined) return;
    this.#rows.delete(callId);
    this.#changed.delete(callId);
    this.#removed.add(callId);
    this.#schedule();
  }

  /** A campaign as its dialer says it stands. */
  campaign(progress: CampaignProgress): void {
    if (!this.#campaigns.set(progress)) return;
    this.#changedCampaigns.add(progress.campaignId);
    this.#schedule();
  }

  seats(seats: Seats): void {
    const known = this.#seats;
    if (known.hosts === seats.hosts && known.seats === seats.seats && known.taken === seats.taken) return;
    this.#seats = seats;
    this.#seatsChanged = true;
    this.#schedule();
  }

  live(): CallSummary[] {
    return this.#rows.live().map((row) => JSON.parse(row.summary) as CallSummary);
  }

  /** Closes the dashboards of a person who may see less than before. */
  dismiss(userId: string): void {
    dismissPerson(this.ctx.getWebSockets(), userId);
  }

  /** `?user=<id>&sight=<sight>&v=<protocol>`; already authorised by the Worker. */
  override fetch(request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair();
    // First, so that the newcomer's snapshot holds what waits and its first delta is the next number.
    this.#flush();
    this.ctx.acceptWebSocket(server);
    const asked = new URL(request.url).searchParams;
    const userId = asked.get('user') ?? '';
    const sight = sightNamed(asked.get('sight'));
    server.serializeAttachment({ kind: 'monitor', userId, sight, connectedAtMs: Date.now() });
    if (asked.get('v') !== String(PROTOCOL_VERSION)) {
      close(server, closeCodes.protocolUnsupported, 'protocol not supported');
    } else {
      send(server, this.#snapshot(sight));
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  override webSocketMessage(): void {
    // Dashboards only listen.
  }

  /** Takes ended calls off the board. */
  override async alarm(): Promise<void> {
    const nowMs = Date.now();
    for (const { callId, endedAtMs } of this.#rows.all()) {
      if (endedAtMs === null || nowMs - endedAtMs < LINGER_MS) continue;
      this.#rows.delete(callId);
      this.#changed.delete(callId);
      this.#removed.add(callId);
    }
    if (this.#removed.size > 0) this.#schedule();
    await this.#sweepLater();
  }

  async #sweepLater(): Promise<void> {
    const ends = this.#rows.all().flatMap((row) => row.endedAtMs ?? []);
    if (ends.length === 0 || (await this.ctx.storage.getAlarm()) !== null) return;
    await this.ctx.storage.setAlarm(Math.max(Date.now() + TICK_MS, Math.min(...ends) + LINGER_MS));
  }

  /** Memory was lost: how do the calls and the seats stand? What cannot be had comes with the next announcement. */
  async #askAgain(): Promise<void> {
    const calls = inLanes(this.#rows.live(), ASKED_AT_ONCE, async ({ callId }) => {
      try {
        const row = await callRoomOf(this.env, callId).boardRow();
        if (row !== null) this.announce(row);
      } catch (error) {
        log('warn', 'a call did not say how it stands', { callId, error: String(error) });
      }
    });
    const seats = fleetOf(this.env)
      .seats()
      .then(
        (each) => this.seats(each),
        (error: unknown) => log('warn', 'the fleet did not say how it stands', { error: String(error) }),
      );
    const campaigns = inLanes(this.#campaigns.forgotten(), ASKED_AT_ONCE, async (campaignId) => {
      try {
        const progress = await dialerOf(this.env, campaignId).progress(campaignId);
        if (progress !== null) this.campaign(progress);
      } catch (error) {
        log('warn', 'a campaign did not say how it stands', { campaignId, error: String(error) });
      }
    });
    await Promise.all([calls, campaigns, seats]);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#flush(), TICK_MS);
  }

  #flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const changes = this.#changed.size + this.#removed.size + this.#changedCampaigns.size;
    if (changes === 0 && !this.#seatsChanged) return;
    this.#version += 1;
    const startOver = this.#startOver;
    sendInSight(this.ctx.getWebSockets(), Date.now(), (sight) =>
      startOver ? this.#snapshot(sight) : this.#delta(sight),
    );
    this.#changed.clear();
    this.#changedCampaigns.clear();
    this.#removed.clear();
    this.#seatsChanged = false;
    this.#startOver = false;
  }

  #snapshot(sight: Sight): string {
    const more = { protocol: PROTOCOL_VERSION, campaigns: this.#campaigns.all() };
    return this.#message('snapshot', sight, this.#rows.all(), more);
  }

  #delta(sight: Sight): string {
    const changed = [...this.#changed].flatMap((callId) => this.#rows.get(callId) ?? []);
    const campaigns = [...this.#changedCampaigns].flatMap((each) => this.#campaigns.get(each) ?? []);
    return this.#message('delta', sight, changed, { removed: [...this.#removed], campaigns });
  }

  /** A `BoardDown`, put together from rows that are JSON already. */
  #message(type: 'snapshot' | 'delta', sight: Sight, rows: readonly BoardRow[], more: object): string {
    const head = JSON.stringify({
      type,
      version: this.#version,
      serverNowMs: Date.now(),
      seats: this.#seats,
      ...more,
    });
    return `${head.slice(0, -1)},"calls":[${rows.map((row) => rowInSight(row, sight)).join(',')}]}`;
  }
}
