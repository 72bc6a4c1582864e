import type { SpokenLine } from '../../../agent-host/lab/caller.ts';
import type { AgentSeat } from '../../../domain/call/state.ts';
import type { Disturbance } from '../disturbance.ts';
import { deadly } from '../disturbance.ts';
import type { CallRecord, Evidence, Finding } from '../evidence.ts';
import { agentAt } from '../evidence.ts';

/** This near to a disturbance a line may be lost: the agent who heard it is dead, or heard it in pieces. */
const NEAR_MS = 6_000;
/** A line is understood and reported by then; a call that ends sooner may lose it. */
const UNDERSTOOD_WITHIN_MS = 2_000;

type Excuse = 'agent killed' | 'media server down' | 'agent given up' | 'no agent yet' | 'call over';

/**
 * Each line that a caller spoke to its end, to an agent who was serving and undisturbed, is in the transcript, letter for
 * letter and in order. Restarts of the Worker and trouble on the link are no excuse as long as the same agent goes on:
 * it keeps what is not acknowledged (LEDGER-1).
 */
export function checkLines({ calls, disturbances }: Evidence): Finding {
  const violations: string[] = [];
  const excused = new Map<Excuse, number>();
  let checked = 0;
  let throughTrouble = 0;
  for (const call of calls) {
    const heard = call.state.transcript.filter((each) => each.speaker === 'customer');
    let next = 0;
    for (const line of call.placed?.report?.spoken.filter((each) => !each.cut) ?? []) {
      const excuse = excuseFor(line, call, disturbances);
      const at = heard.findIndex((each, index) => index >= next && each.text === line.text);
      if (at !== -1) next = at + 1;
      if (excuse !== null) {
        excused.set(excuse, (excused.get(excuse) ?? 0) + 1);
        continue;
      }
      checked++;
      if (disturbances.some((each) => touches(each, line))) throughTrouble++;
      if (at === -1) violations.push(missing(call, line, disturbances));
    }
  }
  const total = [...excused.values()].reduce((sum, count) => sum + count, 0);
  const why = [...excused].map(([excuse, count]) => `${excuse} ${count}`).join(', ');
  return {
    rule: 'each line spoken to an undisturbed agent is in the transcript, in order',
    checked,
    violations,
    note: `${throughTrouble} of them within 6 s of trouble elsewhere; ${total} excused${total > 0 ? ` (${why})` : ''}`,
  };
}

function excuseFor(line: SpokenLine, call: CallRecord, disturbances: readonly Disturbance[]): Excuse | null {
  const endedAtMs = call.state.end?.atMs ?? Number.POSITIVE_INFINITY;
  if (line.endedAtMs + UNDERSTOOD_WITHIN_MS > endedAtMs) return 'call over';
  if (disturbances.some((each) => each.kind === 'mediaServerCrashed' && touches(each, line)))
    return 'media server down';
  const kills = disturbances.filter((each) => deadly.has(each.kind) && touches(each, line));
  const hit = kills.some((kill) =>
    kill.callId === null
      ? call.state.agents.some((seat) => seat.hostId === kill.hostId && serves(seat, kill.atMs))
      : kill.callId === call.callId,
  );
  if (hit) return 'agent killed';
  const seat = agentAt(call, line.startedAtMs);
  if (seat === null || !hasSpoken(call, seat, line.startedAtMs)) return 'no agent yet';
  if (seat.leftAtMs !== null && seat.leftAtMs < line.endedAtMs + NEAR_MS) return 'agent given up';
  return null;
}

/** Within ±6 s of it. */
function touches(disturbance: Disturbance, line: SpokenLine): boolean {
  return disturbance.atMs - NEAR_MS < line.endedAtMs && disturbance.untilMs + NEAR_MS > line.startedAtMs;
}

const serves = (seat: AgentSeat, atMs: number): boolean =>
  seat.joinedAtMs <= atMs && (seat.leftAtMs === null || seat.leftAtMs >= atMs);

/** An agent listens from its first words on; before, it is still coming through the door. */
function hasSpoken({ state }: CallRecord, seat: AgentSeat, beforeMs: number): boolean {
  return state.transcript.some(
    (each) => each.speaker === 'agent' && each.startedAtMs >= seat.joinedAtMs && each.startedAtMs < beforeMs,
  );
}

function missing(call: CallRecord, line: SpokenLine, disturbances: readonly Disturbance[]): string {
  const heard = call.state.transcript
    .filter((each) => each.speaker === 'customer' && Math.abs(each.startedAtMs - line.startedAtMs) < NEAR_MS)
    .map((each) => `"${each.text}"`);
  const near = disturbances.filter((each) => touches(each, line)).map((each) => each.kind);
  // The lab's lines are nobody's words: they may be shown.
  return [
    `${call.callId} lost "${line.text}", spoken ${new Date(line.startedAtMs).toISOString().slice(11, 23)}`,
    `${line.endedAtMs - line.startedAtMs} ms`,
    `heard then: ${heard.join(' ') || 'nothing'}`,
    ...(near.length > 0 ? [`near ${near.join(', ')}`] : []),
  ].join('; ');
}
