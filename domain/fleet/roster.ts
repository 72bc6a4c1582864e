/** What the Fleet knows of one agent host. Times are the Fleet's own clock, epoch ms. */
export interface AgentHost {
  readonly hostId: string;
  readonly agentName: string;
  readonly seats: number;
  readonly activeCallIds: readonly string[];
  readonly draining: boolean;
  readonly callsFailed: number;
  readonly callsServed: number;
  readonly firstAudioP95Ms: number | null;
  readonly heardAtMs: number;
}

/** A seat promised to a call whose agent is not yet counted by its host. */
export interface Reservation {
  readonly callId: string;
  readonly hostId: string;
  readonly madeAtMs: number;
}

export interface Roster {
  readonly hosts: readonly AgentHost[];
  readonly reservations: readonly Reservation[];
}

export const emptyRoster: Roster = { hosts: [], reservations: [] };

/** Heartbeats come every 5 s: a host silent for longer than two is offered nothing (DISPATCH-6). */
export const HOST_SILENT_MS = 12_000;
/** A silent host is forgotten after this long. */
export const HOST_FORGOTTEN_MS = 60_000;
/** A promised seat whose host never counts the call is free again: arrival time plus one heartbeat. */
export const RESERVATION_MS = 18_000;

/** Calls a host serves or has been promised, each once. */
export function seatsTaken(roster: Roster, host: AgentHost): number {
  const calls = new Set(host.activeCallIds);
  for (const each of roster.reservations) if (each.hostId === host.hostId) calls.add(each.callId);
  return calls.size;
}

export function seatCount(roster: Roster, nowMs: number): { hosts: number; seats: number; taken: number } {
  const live = roster.hosts.filter((host) => isHeard(host, nowMs));
  return {
    hosts: live.length,
    seats: live.reduce((sum, host) => sum + (host.draining ? 0 : host.seats), 0),
    taken: live.reduce((sum, host) => sum + seatsTaken(roster, host), 0),
  };
}

export const isHeard = (host: AgentHost, nowMs: number): boolean => nowMs - host.heardAtMs <= HOST_SILENT_MS;

/** Up but bad: half its calls end in error, or its first words come after 5 s (DISPATCH-7). */
export function isFailing(host: AgentHost): boolean {
  const manyFail = host.callsServed >= 4 && host.callsFailed * 2 >= host.callsServed;
  return manyFail || (host.firstAudioP95Ms !== null && host.firstAudioP95Ms > 5_000);
}

/**
 * The host that takes a call, or null when there is no seat. Least taken share first; hosts in `without` and failing
 * ones only when nobody else accepts: a rule never empties the fleet (DISPATCH-7).
 */
export function chooseHost(roster: Roster, without: readonly string[], nowMs: number): AgentHost | null {
  const share = (host: AgentHost): number => seatsTaken(roster, host) / host.seats;
  const rank = (host: AgentHost): number =>
    (without.includes(host.hostId) ? 2 : 0) + (isFailing(host) ? 1 : 0);
  const free = roster.hosts.filter(
    (host) => isHeard(host, nowMs) && !host.draining && seatsTaken(roster, host) < host.seats,
  );
  return (
    free.sort((a, b) => rank(a) - rank(b) || share(a) - share(b) || (a.hostId < b.hostId ? -1 : 1))[0] ?? null
  );
}

/** Takes in a heartbeat; a call its host counts needs no reservation any more. */
export function hearHost(roster: Roster, host: AgentHost): Roster {
  return {
    hosts: [
      ...roster.hosts.filter(
        (each) => each.hostId !== host.hostId && host.heardAtMs - each.heardAtMs <= HOST_FORGOTTEN_MS,
      ),
      host,
    ],
    reservations: roster.reservations.filter(
      (each) =>
        host.heardAtMs - each.madeAtMs <= RESERVATION_MS &&
        !(each.hostId === host.hostId && host.activeCallIds.includes(each.callId)),
    ),
  };
}

export function reserveSeat(roster: Roster, reservation: Reservation): Roster {
  return {
    ...roster,
    reservations: [...roster.reservations.filter((r) => r.callId !== reservation.callId), reservation],
  };
}

/**
 * The call's seat on this host, or with null on every host, is free at once, without waiting for the next heartbeat to
 * say so.
 */
export function releaseSeat(roster: Roster, callId: string, hostId: string | null): Roster {
  const meant = (each: { hostId: string }): boolean => hostId === null || each.hostId === hostId;
  return {
    hosts: roster.hosts.map((host) =>
      meant(host) ? { ...host, activeCallIds: host.activeCallIds.filter((id) => id !== callId) } : host,
    ),
    reservations: roster.reservations.filter((each) => !(each.callId === callId && meant(each))),
  };
}
