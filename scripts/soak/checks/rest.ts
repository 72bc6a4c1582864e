import type { Deployment } from '../deployment.ts';
import type { Evidence, Finding } from '../evidence.ts';
import { seconds } from '../evidence.ts';
import type { RoomWatch } from '../room-watch.ts';

/** The fleet forgets a dead host's seats after 12 s without a heartbeat, and hears of a living one every 5 s. */
const SEATS_FREE_WITHIN_MS = 45_000;
/** A dead agent's place in the room is taken away as its successor is sought, and a look is only every second. */
const OVERLAP_MOST_MS = 5_000;

/** With nobody calling, everything is as before the first call: seats free, board empty, nothing owed. */
export async function checkRest(
  { calls }: Evidence,
  deployment: Deployment,
  expected: { readonly hosts: number; readonly seats: number },
): Promise<Finding[]> {
  const deadlineMs = Date.now() + SEATS_FREE_WITHIN_MS;
  let seats = await deployment.seats();
  const free = (): boolean =>
    seats.taken === 0 && seats.seats === expected.seats && seats.hosts === expected.hosts;
  while (!free() && Date.now() < deadlineMs) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    seats = await deployment.seats();
  }
  const live = await deployment.liveCalls();
  const parked: string[] = [];
  for (const { callId } of calls)
    for (const key of await deployment.parkedEffects(callId)) parked.push(`${callId} gave up on ${key}`);
  return [
    {
      rule: 'all seats are free again',
      checked: expected.seats,
      violations: free()
        ? []
        : [`the board shows ${seats.taken} of ${seats.seats} seats taken on ${seats.hosts} hosts`],
      note: `${seats.seats - seats.taken} of ${seats.seats} on ${seats.hosts} hosts`,
    },
    {
      rule: 'no call is left on the board',
      checked: calls.length,
      violations: live.map((callId) => `${callId} is still live on the board`),
      note: '',
    },
    { rule: 'no effect was given up', checked: calls.length, violations: parked, note: '' },
  ];
}

/** DISPATCH-3, by what is in the rooms. */
export function checkVoices({ overlaps, looks }: RoomWatch): Finding {
  const longest = Math.max(0, ...overlaps.values());
  return {
    rule: 'never two agents with a voice in one room for over 5 s',
    checked: looks,
    violations: [...overlaps]
      .filter(([, ms]) => ms > OVERLAP_MOST_MS)
      .map(([callId, ms]) => `${callId} had two agents with a voice for ${seconds(ms)}`),
    note: `looks into all rooms; ${overlaps.size} overlaps, longest ${seconds(longest)}`,
  };
}
