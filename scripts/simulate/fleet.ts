import type { Roster } from '../../domain/fleet/roster.ts';
import {
  chooseHost,
  emptyRoster,
  hearHost,
  isHeard,
  releaseSeat,
  reserveSeat,
} from '../../domain/fleet/roster.ts';
import { FleetJudge } from './judge/fleet-judge.ts';
import type { Beat } from './judge/fleet-judge.ts';
import type { Complain } from './stage.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The Fleet object's roster as `Fleet` keeps it, each answer looked over by the judge. */
export class SimulatedFleet {
  roster: Roster = emptyRoster;
  /** Hosts our call should ask last (DISPATCH-2). */
  asksLast: () => readonly string[] = () => [];
  readonly #clock: VirtualClock;
  readonly #complain: Complain;
  readonly #judge = new FleetJudge();

  constructor(clock: VirtualClock, complain: Complain) {
    this.#clock = clock;
    this.#complain = complain;
  }

  /** Our call asks: it names who is to be asked last. */
  checkAsked(without: readonly string[]): void {
    if (this.asksLast().every((each) => without.includes(each))) return;
    this.#complain('DISPATCH-2', 'a host that missed the call is not asked last');
  }

  choose(callId: string, without: readonly string[]): { hostId: string; agentName: string } | null {
    const nowMs = this.#clock.nowMs;
    const host = chooseHost(this.roster, without, nowMs);
    const wrong = this.#judge.chooses(callId, without, host?.hostId ?? null, nowMs);
    if (wrong !== null) this.#complain('DISPATCH-6', wrong);
    if (host === null) return null;
    this.roster = reserveSeat(this.roster, { callId, hostId: host.hostId, madeAtMs: nowMs });
    return { hostId: host.hostId, agentName: host.agentName };
  }

  release(callId: string, hostId: string | null): void {
    this.roster = releaseSeat(this.roster, callId, hostId);
    const wrong = this.#judge.releases(callId, hostId, this.roster);
    if (wrong !== null) this.#complain('DISPATCH-6', wrong);
  }

  /** Any host that lives says it; throws when none does. */
  apologise(): void {
    const { nowMs } = this.#clock;
    if (!this.roster.hosts.some((each) => isHeard(each, nowMs))) throw new Error('nobody to say it');
  }

  hear(beat: Beat): void {
    const { hostId, seats, activeCallIds, draining, failing } = beat;
    const heardAtMs = this.#clock.nowMs;
    this.#judge.hears(beat, heardAtMs);
    this.roster = hearHost(this.roster, {
      hostId,
      agentName: hostId,
      seats,
      activeCallIds,
      draining,
      callsServed: 10,
      callsFailed: failing ? 5 : 0,
      firstAudioP95Ms: null,
      heardAtMs,
    });
  }

  /** Whether the call still takes a seat on a host that lives; what a dead one last said counts for nothing. */
  holds(callId: string): boolean {
    const living = this.roster.hosts.filter((each) => isHeard(each, this.#clock.nowMs));
    return (
      this.roster.reservations.some((each) => each.callId === callId) ||
      living.some((each) => each.activeCallIds.includes(callId))
    );
  }
}
