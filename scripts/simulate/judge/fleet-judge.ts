import type { Reservation, Roster } from '../../../domain/fleet/roster.ts';
import { HOST_HEARD_MS, SEAT_PROMISED_MS } from './limits.ts';

export interface Beat {
  readonly hostId: string;
  readonly seats: number;
  readonly activeCallIds: readonly string[];
  readonly draining: boolean;
  /** Half its calls fail, or its first words come too late (DISPATCH-7). */
  readonly failing: boolean;
}

/** Lapsed promises are swept with the next heartbeat of any host: until then, however long, a seat may count as promised. */
const UNTIL_SWEPT_MS = Number.POSITIVE_INFINITY;

/** Keeps its own account of who has a free seat, and says what is wrong with a choice (DISPATCH-6, DISPATCH-7). */
export class FleetJudge {
  readonly #hosts = new Map<string, Beat & { readonly heardAtMs: number }>();
  #promised: Reservation[] = [];

  hears(beat: Beat, nowMs: number): void {
    this.#hosts.set(beat.hostId, { ...beat, heardAtMs: nowMs });
    this.#promised = this.#promised.filter(
      (each) =>
        nowMs - each.madeAtMs <= SEAT_PROMISED_MS &&
        !(each.hostId === beat.hostId && beat.activeCallIds.includes(each.callId)),
    );
  }

  /** @returns what is wrong with the roster after this release, or null. */
  releases(callId: string, hostId: string | null, after: Roster): string | null {
    const meant = (id: string): boolean => hostId === null || id === hostId;
    for (const host of [...this.#hosts.values()].filter((each) => meant(each.hostId))) {
      this.#hosts.set(host.hostId, {
        ...host,
        activeCallIds: host.activeCallIds.filter((id) => id !== callId),
      });
    }
    this.#promised = this.#promised.filter((each) => !(each.callId === callId && meant(each.hostId)));
    return this.#compare(after);
  }

  /** @returns what is wrong with this choice, or null. */
  chooses(callId: string, without: readonly string[], chosen: string | null, nowMs: number): string | null {
    const heard = [...this.#hosts.values()].filter((each) => nowMs - each.heardAtMs <= HOST_HEARD_MS);
    const surelyFree = heard.filter(
      (each) => !each.draining && this.#taken(each, nowMs, UNTIL_SWEPT_MS) < each.seats,
    );
    const rank = (each: Beat): number => (without.includes(each.hostId) ? 2 : 0) + (each.failing ? 1 : 0);
    if (chosen === null)
      return surelyFree.length === 0 ? null : 'no host was chosen though one has a free seat';
    const host = heard.find((each) => each.hostId === chosen);
    if (host === undefined) return 'a host was chosen that is silent for more than 12 s';
    if (host.draining) return 'a draining host was chosen';
    if (this.#taken(host, nowMs, SEAT_PROMISED_MS) >= host.seats)
      return 'a host without a free seat was chosen';
    const better = surelyFree.filter((each) => rank(each) < rank(host));
    if (better.length > 0) return 'a host was chosen that should have been asked last';
    const share = (each: Beat, promisedMs: number): number =>
      this.#taken(each, nowMs, promisedMs) / each.seats;
    const leastShare = share(host, SEAT_PROMISED_MS);
    const emptier = surelyFree.filter(
      (each) => rank(each) === rank(host) && share(each, UNTIL_SWEPT_MS) < leastShare,
    );
    if (emptier.length > 0) return 'another host had a smaller share of its seats taken';
    this.#promised = this.#promised.filter((each) => each.callId !== callId);
    this.#promised.push({ callId, hostId: chosen, madeAtMs: nowMs });
    return null;
  }

  #taken(host: Beat, nowMs: number, promisedMs: number): number {
    const calls = new Set(host.activeCallIds);
    for (const each of this.#promised) {
      if (each.hostId === host.hostId && nowMs - each.madeAtMs <= promisedMs) calls.add(each.callId);
    }
    return calls.size;
  }

  #compare(roster: Roster): string | null {
    const kept = (all: readonly Reservation[]): string =>
      all
        .map((each) => `${each.callId} on ${each.hostId}`)
        .sort()
        .join();
    return kept(roster.reservations) === kept(this.#promised) ? null : 'a release changed the wrong promises';
  }
}
