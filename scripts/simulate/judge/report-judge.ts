import type { AgentProcess } from '../agent-process.ts';
import type { TrueWords } from '../agent-talk.ts';
import type { Stage } from '../stage.ts';
import { LATE_WORDS_MS } from './limits.ts';

/** A hello's longest way to the object, ms: the clock offset is wrong by no more. */
const HELLO_MS = 410;

/** What an agent was promised was kept, what it was refused was refused rightly (LEDGER-1, LEDGER-3, LEDGER-10). */
export function judgeReports({ complain, ledger }: Stage, agent: AgentProcess): void {
  const { model } = ledger;
  const written = new Map(model.words.map((each) => [each.utteranceId, each]));
  const inLedger = { turnMeasured: 0, usageReported: 0 };
  for (const observation of agent.talk.acked.values()) {
    if (observation.type === 'turnMeasured' || observation.type === 'usageReported')
      inLedger[observation.type]++;
    if (observation.type === 'doNotCallRequested' && !model.doNotCall)
      complain('DNC-3', 'an acknowledged wish is missing');
    if (observation.type !== 'wordsSpoken') continue;
    const words = written.get(observation.utteranceId);
    const truth = agent.talk.trueWords.get(observation.utteranceId);
    if (words === undefined) complain('LEDGER-1', 'acknowledged words are missing');
    else if (truth !== undefined && isMisplaced(words.startedAtMs, truth, model.requestedAtMs, words.atMs)) {
      complain('LEDGER-10', 'words were placed at another time than they were spoken');
    }
  }
  const measured = ledger.events.filter(
    (event) => event.type === 'turnMeasured' && event.turnId.startsWith(`turn-${agent.session}-`),
  );
  if (measured.length < inLedger.turnMeasured) complain('LEDGER-1', 'acknowledged measures are missing');
  const overAtMs = model.end?.atMs ?? Number.POSITIVE_INFINITY;
  for (const { observation, code } of agent.talk.refused) {
    if (['humanRequested', 'toolUsed', 'answeredBy'].includes(observation.type)) {
      if (code !== 'call_ended' && code !== 'agent_superseded')
        complain('LEDGER-1', `a report was refused: ${code}`);
    } else if (observation.type !== 'wordsSpoken' || code !== 'spoken_after_end') {
      complain('LEDGER-1', `${observation.type} was refused: ${code}`);
    } else {
      const truth = agent.talk.trueWords.get(observation.utteranceId);
      const goneAtMs = Math.min(model.seatOf(agent.session)?.leftAtMs ?? overAtMs, overAtMs);
      if (truth === undefined || truth.clockJumped) continue;
      if (truth.startedAtMs + HELLO_MS < goneAtMs + LATE_WORDS_MS)
        complain('LEDGER-3', 'words in time were refused');
    }
  }
}

/** The offset is measured when the hello arrives: later than it was sent, so words shift later, never earlier. */
function isMisplaced(atMs: number, truth: TrueWords, requestedAtMs: number, writtenAtMs: number): boolean {
  if (truth.clockJumped) return false;
  const earliestMs = Math.min(Math.max(truth.startedAtMs - 1, requestedAtMs), writtenAtMs);
  const latestMs = Math.min(Math.max(truth.startedAtMs, requestedAtMs) + HELLO_MS, writtenAtMs);
  return atMs < earliestMs || atMs > latestMs;
}
