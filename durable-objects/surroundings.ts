import type { CallEvent, Media } from '../domain/call/fact.ts';
import type { Occurrence } from '../domain/call/occurrence.ts';
import type { CallState } from '../domain/call/state.ts';
import type { CallSummary } from '../domain/call/summary.ts';
import type { Profile } from '../domain/profile/profile.ts';
import type { Settlement } from '../domain/dial/settlement.ts';
import type { LastLook } from './dialer/last-look.ts';
import type { DoorClaims } from './door-token.ts';
import type { Egress } from './egress.ts';
import type { MediaServer } from './media-server.ts';
import type { Telephony } from './telephony/telephony.ts';

/**
 * What a live call stands on: storage, clock, sockets. In production the Durable Object's own, in the simulation a
 * virtual clock over the same SQLite dialect.
 */
export interface Surroundings {
  readonly sql: SqlStorage;
  readonly kv: { get<T>(key: string): T | undefined; put<T>(key: string, value: T): void };
  /** All or nothing; nothing may be awaited inside. */
  transaction(work: () => void): void;
  /** Resolves once everything written so far is durable. */
  written(): Promise<void>;
  /** Epoch ms. */
  nowMs(): number;
  /** Replaces the one alarm. */
  setAlarm(atMs: number): void;
  /** Work that goes on after the answer; it may be cut off by an eviction. */
  background(work: Promise<unknown>): void;
  /** Runs later if the object is still in memory by then. */
  later(delayMs: number, work: () => void): void;
  sockets(tag: string): readonly WebSocket[];
  accept(socket: WebSocket, tag: string): void;
  /** When this socket last sent a ping that the runtime answered; null before the first. */
  lastPingAtMs(socket: WebSocket): number | null;
}

/** Everyone a call owes effects to. Each method is safe to repeat and throws when it failed. */
export interface Outside {
  /** Null when the deployment has no media server. */
  readonly media: MediaServer | null;
  /** Null where agents' hosts record. */
  readonly egress: Egress | null;
  /** Reserves a seat; null when there is none. */
  chooseHost(
    callId: string,
    without: readonly string[],
    media: Media,
  ): Promise<{ readonly hostId: string; readonly agentName: string } | null>;
  /** Null: on every host. */
  releaseSeat(callId: string, hostId: string | null): Promise<void>;
  /** Has a living host say one sentence into the call's room; throws when none lives. */
  apologise(callId: string, room: string, profile: Pick<Profile, 'busyLine' | 'language'>): Promise<void>;
  readonly telephony: Telephony;
  /** The number is on the do-not-call list when this resolves. */
  suppress(number: string, callId: string): Promise<void>;
  /** Frees the dial's slot and gives the lead its outcome, once however often it is told (DIAL-5). */
  settleDial(end: Settlement): Promise<void>;
  /** May the number ring, now that an agent is there? (DIAL-9) */
  lastLook(callId: string): Promise<LastLook>;
  announce(summary: CallSummary): Promise<void>;
  /** Tells people and registered endpoints; the occurrence's id makes the repeat harmless. */
  notify(occurrence: Occurrence): Promise<void>;
  /** Removes what is kept of the call elsewhere for a while: the board's row, deliveries, answers to be repeated. */
  forgetCopies(callId: string): Promise<void>;
  /** Removes every sound of the call that is stored. */
  forgetRecordings(callId: string): Promise<void>;
  project(call: CallState): Promise<void>;
  archive(call: CallState, ledger: readonly CallEvent[]): Promise<void>;
  signDoorToken(claims: DoorClaims, atMs: number): Promise<string>;
}
