import type { CallEvent } from '../../../domain/call/fact.ts';
import type { OccurrenceKind } from '../../../domain/call/occurrence.ts';
import type { Stage } from '../stage.ts';
import { CALL_ID } from '../stage.ts';
import { CallModel } from './call-model.ts';

/**
 * Each event that others are to hear of reached them, under the id that the ledger gives it and as the call stood then;
 * they heard of nothing else but work that was given up (HOOK-1).
 */
export function judgeTold({ complain, ledger, world }: Stage): void {
  const expected = new Set<string>();
  for (const { event, kind, model } of whatToTell(ledger.events)) {
    const id = `call:${CALL_ID}:${event.seq}`;
    expected.add(id);
    const told = world.told.get(id);
    if (told === undefined) return complain('HOOK-1', `nobody was told of ${kind}`);
    const then = told.kind === kind && told.atMs === event.atMs && told.answeredAtMs === model.answeredAtMs;
    if (
      !then ||
      told.endedAtMs !== (model.end?.atMs ?? null) ||
      told.outcome !== (model.end?.outcome ?? null)
    )
      return complain('HOOK-1', `${kind} was told as it was not`);
  }
  for (const key of world.parkedKeys) {
    const told = [...world.told.keys()].some((id) => id.startsWith(`call:${CALL_ID}:parked:${key}:`));
    if (!told) complain('HOOK-1', 'nobody was told of work that was given up');
  }
  for (const [id, { kind }] of world.told) {
    if (!expected.has(id) && kind !== 'workParked') complain('HOOK-1', `${kind} was told and never happened`);
  }
}

/** By the rules, apart from the code that decides it. */
function* whatToTell(
  events: readonly CallEvent[],
): Generator<{ event: CallEvent; kind: OccurrenceKind; model: CallModel }> {
  const model = new CallModel();
  let humanAsked = false;
  for (const event of events) {
    const answeredBefore = model.answeredAtMs !== null;
    model.apply(event);
    if (event.type === 'callRequested') yield { event, kind: 'callRequested', model };
    if (!answeredBefore && model.answeredAtMs !== null) yield { event, kind: 'callAnswered', model };
    if (event.type === 'humanRequested' && !humanAsked) {
      humanAsked = true;
      yield { event, kind: 'callNeedsHuman', model };
    }
    if (event.type === 'callBackPromised') yield { event, kind: 'callBackPromised', model };
    if (event.type === 'callEnded') yield { event, kind: 'callEnded', model };
  }
}
