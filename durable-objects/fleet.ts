import { DurableObject } from 'cloudflare:workers';
import type { Media } from '../domain/call/fact.ts';
import type { Roster } from '../domain/fleet/roster.ts';
import {
  chooseHost,
  emptyRoster,
  hearHost,
  isHeard,
  releaseSeat,
  reserveSeat,
  seatCount,
} from '../domain/fleet/roster.ts';
import type * as z from 'zod/mini';
import type { Profile } from '../domain/profile/profile.ts';
import type { Announcement, Heartbeat, HeartbeatReplySchema } from '../protocol/fleet.ts';
import type { RehearsalOffer } from '../protocol/scenario.ts';
import { announcerToken } from './announcer-token.ts';
import type { Seats } from '../protocol/board.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { Env } from './env.ts';
import { boardOf } from './env.ts';
import { log } from './log.ts';

/** The agent name of hosts that script calls without a media server. */
export const SILENT_AGENT = 'silent';

export interface ChosenHost {
  readonly hostId: string;
  readonly agentName: string;
}

/** Who takes a call is decided here, from the hosts' own heartbeats, never by chance (DISPATCH-6). */
export class Fleet extends DurableObject<Env> {
  #roster: Roster;
  readonly #announcements = new Map<string, Announcement[]>();
  readonly #rehearsals = new Map<string, RehearsalOffer[]>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#roster = ctx.storage.kv.get<Roster>('roster') ?? emptyRoster;
  }

  async heartbeat(beat: Heartbeat): Promise<z.infer<typeof HeartbeatReplySchema>> {
    const tooOld = beat.protocol !== PROTOCOL_VERSION;
    const { protocol: _protocol, startedAtMs: _startedAtMs, ...host } = beat;
    this.#set(hearHost(this.#roster, { ...host, draining: host.draining || tooOld, heardAtMs: Date.now() }));
    await this.#tellBoard();
    const announcements = this.#announcements.get(beat.hostId) ?? [];
    this.#announcements.delete(beat.hostId);
    const rehearsals = this.#rehearsals.get(beat.hostId);
    this.#rehearsals.delete(beat.hostId);
    return {
      instruction: tooOld ? 'drain' : 'carryOn',
      announcements,
      ...(rehearsals === undefined ? {} : { rehearsals }),
    };
  }

  /** Reserves a seat for the call; null when no host has one. The same call again moves its reservation. */
  async choose(callId: string, without: readonly string[], media: Media): Promise<ChosenHost | null> {
    const suitable: Roster = {
      ...this.#roster,
      hosts: this.#roster.hosts.filter((host) => (host.agentName === SILENT_AGENT) === (media === 'silent')),
    };
    const host = chooseHost(suitable, without, Date.now());
    if (host === null) return null;
    this.#set(reserveSeat(this.#roster, { callId, hostId: host.hostId, madeAtMs: Date.now() }));
    await this.#tellBoard();
    return { hostId: host.hostId, agentName: host.agentName };
  }

  /**
   * Gives a living host, full or not, one sentence to say to a caller nobody can take. It goes out with the host's next
   * heartbeat and is kept in memory only: after the farewell's 15 s it has no use.
   * @throws Error when no host lives or there is no media server
   */
  async apologise(
    callId: string,
    room: string,
    profile: Pick<Profile, 'busyLine' | 'language'>,
  ): Promise<void> {
    const host = this.#roster.hosts.find(
      (each) => isHeard(each, Date.now()) && each.agentName !== SILENT_AGENT,
    );
    const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = this.env;
    if (host === undefined || !url || !key || !secret) throw new Error('nobody to say it');
    const token = await announcerToken(key, secret, callId, room);
    const waiting = this.#announcements.get(host.hostId) ?? [];
    const announcement = { callId, url, token, sentence: profile.busyLine, language: profile.language };
    this.#announcements.set(host.hostId, [...waiting.filter((each) => each.callId !== callId), announcement]);
  }

  /** A living host for a conversation in words: it takes no seat. Null: there is none. */
  rehearsalHost(): ChosenHost | null {
    const waiting = ({ hostId }: { hostId: string }): number => this.#rehearsals.get(hostId)?.length ?? 0;
    const [host] = this.#roster.hosts
      .filter((each) => isHeard(each, Date.now()) && !each.draining && each.agentName !== SILENT_AGENT)
      .sort((one, other) => waiting(one) - waiting(other));
    return host === undefined ? null : { hostId: host.hostId, agentName: host.agentName };
  }

  /** It goes out with the host's next heartbeat; kept in memory only, for it is offered anew when its time is up. */
  offerRehearsal(hostId: string, offer: RehearsalOffer): void {
    this.#rehearsals.set(hostId, [...(this.#rehearsals.get(hostId) ?? []), offer]);
  }

  async release(callId: string, hostId: string | null): Promise<void> {
    this.#set(releaseSeat(this.#roster, callId, hostId));
    await this.#tellBoard();
  }

  seats(): Seats {
    return seatCount(this.#roster, Date.now());
  }

  #set(roster: Roster): void {
    this.#roster = roster;
    this.ctx.storage.kv.put('roster', roster);
  }

  async #tellBoard(): Promise<void> {
    try {
      await boardOf(this.env).seats(this.seats());
    } catch (error) {
      log('warn', 'the board did not hear of the seats', { error: String(error) });
    }
  }
}
