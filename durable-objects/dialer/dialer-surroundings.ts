import type { CallRequested, Media } from '../../domain/call/fact.ts';
import type { CampaignEvent } from '../../domain/campaign/campaign-event.ts';
import type { Lead } from '../../domain/lead/lead.ts';
import type { Settlement } from '../../domain/dial/settlement.ts';
import type { CampaignProgress } from '../../protocol/campaign-progress.ts';

/** What a live dialer stands on. In production a Durable Object's own, in the simulation SQLite and a virtual clock. */
export interface DialerSurroundings {
  readonly sql: SqlStorage;
  readonly kv: { get<T>(key: string): T | undefined; put<T>(key: string, value: T): void };
  /** All or nothing; nothing may be awaited inside. */
  transaction(work: () => void): void;
  /** Epoch ms. */
  nowMs(): number;
  /** Replaces the one alarm; null: none. */
  setAlarm(atMs: number | null): void;
  /** Work that goes on after the answer; it may be cut off by an eviction. */
  background(work: Promise<unknown>): void;
}

/** A call as its own object has it: never heard of, going on, or what its end means. */
export type CallNews = 'unknown' | 'goingOn' | Settlement;

/** Everyone a dialer deals with. Each method is safe to repeat and throws when it is not known what came of it. */
export interface DialerOutside {
  readonly database: D1Database;
  /** `silent`: there is no media server, nobody can be rung. */
  readonly media: Media;
  newCallId(): string;
  sha256(text: string): string;
  /** Seats that nobody has taken or been promised. */
  freeSeats(): Promise<number>;
  /** Begins the call's ledger; the same call again changes nothing. `lead`: whom it is for. */
  requestCall(request: Omit<CallRequested, 'type'>, lead: Lead): Promise<void>;
  callNews(callId: string): Promise<CallNews>;
  announce(progress: CampaignProgress): Promise<void>;
  /** Tells people and endpoints; the event's id makes the repeat harmless. */
  tell(event: CampaignEvent): Promise<void>;
  /** Another dialer's leads have changed. */
  wakeCampaign(campaignId: string): Promise<void>;
}
