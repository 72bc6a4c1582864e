import type { CallState } from '../../../../domain/call/state.ts';
import { presentAgent } from '../../../../domain/call/state.ts';
import type { SeatKind } from '../../../../domain/call/supervision.ts';
import { isTaken, supervisionOf } from '../../../../domain/call/supervision.ts';
import type { AgentActivity } from '../../../../protocol/interim.ts';
import type { ConnectionQuality } from '../../../../protocol/supervision.ts';

/** Somebody who is, or was, in the call. */
export interface Present {
  readonly key: string;
  readonly name: string;
  readonly role: 'customer' | 'agent' | 'operator' | 'supervisor';
  /** What they do now, or that they are gone. */
  readonly doing: string;
  readonly joinedAtMs: number;
  readonly leftAtMs: number | null;
}

const seatWords: Record<SeatKind, string> = {
  listen: 'listens',
  whisper: 'may whisper by voice',
  operator: 'sits ready to take the line',
};

const activityWords: Record<AgentActivity, string> = {
  initializing: 'is getting ready',
  listening: 'listens',
  thinking: 'thinks',
  speaking: 'speaks',
};

export const qualityWords: Record<ConnectionQuality, string> = {
  excellent: 'network excellent',
  good: 'network good',
  poor: 'network poor: words may be lost',
  lost: 'network lost',
};

/** Everyone, the customer first, then agents as they came, then people of ours; each person of ours once. */
export function presentIn(
  call: CallState,
  contact: string,
  activity: AgentActivity | null,
  quality: ConnectionQuality | null,
): readonly Present[] {
  const { line, seats } = supervisionOf(call);
  const ended = call.phase === 'ended';
  const people: Present[] = [];
  if (call.customer !== null) {
    const { identity, joinedAtMs, leftAtMs } = call.customer;
    const here = leftAtMs === null && !ended;
    const network = quality === null ? '' : `, ${qualityWords[quality]}`;
    const doing = here ? `on the line${network}` : 'left';
    people.push({ key: identity, name: contact, role: 'customer', doing, joinedAtMs, leftAtMs });
  }
  const serving = presentAgent(call);
  for (const agent of call.agents) {
    const here = agent === serving && !ended;
    const silent = line !== null && line.agentSilentAtMs !== null;
    const doing = !here
      ? 'left'
      : silent
        ? 'is silent and deaf'
        : activity === null
          ? 'is there'
          : activityWords[activity];
    people.push({
      key: agent.session,
      name: `Agent on ${agent.hostId}`,
      role: 'agent',
      doing,
      joinedAtMs: agent.joinedAtMs,
      leftAtMs: agent.leftAtMs,
    });
  }
  const byPerson = Map.groupBy(seats, (seat) => seat.by);
  for (const [by, taken] of byPerson) {
    const there = ended ? [] : taken.filter(isTaken);
    const holds = line?.by === by;
    const last = taken.at(-1);
    const first = taken[0];
    // Given is not taken.
    const came = holds || taken.some((each) => each.takenAtMs !== null);
    if (first === undefined || last === undefined || !came) continue;
    people.push({
      key: by,
      name: last.byName,
      role: holds ? 'operator' : 'supervisor',
      doing: holds
        ? 'has the line'
        : there.length === 0
          ? 'left'
          : [...new Set(there.map((each) => seatWords[each.seat]))].join(', '),
      joinedAtMs: first.givenAtMs,
      leftAtMs: there.length === 0 && !holds ? (last.leftAtMs ?? call.end?.atMs ?? null) : null,
    });
  }
  return people;
}

/** Others of ours who are there now: `Ada and Ben are here too`. Null when nobody is. */
export function companyWords(call: CallState, by: string): string | null {
  const names = new Set(
    supervisionOf(call)
      .seats.filter((seat) => isTaken(seat) && seat.by !== by)
      .map((seat) => seat.byName),
  );
  if (names.size === 0 || call.phase === 'ended') return null;
  const list = new Intl.ListFormat('en-GB').format(names);
  return names.size === 1 ? `${list} is here too.` : `${list} are here too.`;
}
