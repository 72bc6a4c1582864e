import { foldCall } from '../../../domain/call/apply.ts';
import type { CallState } from '../../../domain/call/state.ts';
import type { AgentProcess } from '../agent-process.ts';
import type { Monitor } from '../monitor.ts';
import type { Stage } from '../stage.ts';
import { CALL_ID, NUMBER } from '../stage.ts';
import { judgeReports } from './report-judge.ts';
import { judgeTold } from './told-judge.ts';

/** When nothing is left to do: everybody has been let go, everything owed was done, every copy is the same. */
export function judgeRest(stage: Stage, agents: readonly AgentProcess[], monitors: readonly Monitor[]): void {
  const { complain, host, ledger, world } = stage;
  const { events, model } = ledger;
  const rebuilt = foldCall(events);
  if (model.end === null || rebuilt === null) return complain('LEDGER-3', 'the call never ended');
  if (world.projection !== JSON.stringify(rebuilt)) complain('LEDGER-7', 'D1 differs from a rebuild');
  if (JSON.stringify(world.archived) !== JSON.stringify(events))
    complain('LEDGER-7', 'R2 differs from the ledger');
  if (world.boardRow?.phase !== 'ended' || world.boardRow.head !== rebuilt.head) {
    complain('EFFECT-1', 'the board shows another state');
  }
  judgeMemory(stage, rebuilt);
  for (const monitor of monitors) {
    if (JSON.stringify(monitor.events) !== JSON.stringify(events))
      complain('LEDGER-2', 'a monitor saw another ledger');
  }
  const { rangAtMs } = world.telephone;
  if (rangAtMs !== null && !world.judge.wasDone('hangUpDial', '', rangAtMs))
    complain('DIAL-3', 'a telephone that rang was never hung up');
  if (world.room.exists) complain('EFFECT-1', 'the room is still open');
  if (world.room.present.size > 0) complain('EFFECT-1', 'somebody is still in the room');
  if (world.fleet.holds(CALL_ID)) complain('DISPATCH-6', 'a seat was never given back');
  if (host.live.parkedEffects().length > 0) complain('EFFECT-2', 'effects are still parked');
  if (host.storage.nextEffectDueAtMs() !== null) complain('EFFECT-1', 'effects still wait');
  if (agents.some((each) => each.alive && !each.over)) complain('LEDGER-3', 'an agent was never let go');
  judgeTranscript(stage, rebuilt);
  judgeOwed(stage);
  judgeTold(stage);
  for (const agent of agents) judgeReports(stage, agent);
}

/** The state in memory is the one that a rebuild gives (LEDGER-7). */
function judgeMemory({ complain, host, ledger }: Stage, rebuilt: CallState): void {
  const told = (): string =>
    JSON.stringify([host.live.summary(), host.live.state?.transcript, host.live.events(0)]);
  const warm = told();
  host.evict();
  if (told() !== warm) complain('LEDGER-7', 'another state after waking up');
  const page = host.live.events(ledger.events.length - 1);
  if (page?.head !== rebuilt.head || page.events.length !== 1)
    complain('LEDGER-2', 'a page of events is wrong');
}

function judgeTranscript({ complain, ledger }: Stage, rebuilt: CallState): void {
  const expected = ledger.model.transcript(ledger.model.words.length).map((each) => each.seq);
  if (rebuilt.transcript.map((each) => each.seq).join() !== expected.join()) {
    complain('LEDGER-10', 'words are not in speaking order');
  }
  const usage = { sttAudioMs: 0, llmInputTokens: 0, llmOutputTokens: 0, ttsCharacters: 0, ttsAudioMs: 0 };
  for (const event of ledger.events) {
    if (event.type !== 'usageReported') continue;
    for (const key of Object.keys(usage) as (keyof typeof usage)[]) usage[key] += event[key];
  }
  if (JSON.stringify(usage) !== JSON.stringify(rebuilt.usage)) complain('LEDGER-7', 'usage does not add up');
}

/** Each entry's effects were done after it was written, each under its own key (EFFECT-1). */
function judgeOwed({ complain, ledger, world }: Stage): void {
  const { judge } = world;
  const { model } = ledger;
  let offeredTo = '';
  for (const event of ledger.events) {
    const owe = (name: string, subject: string): void => {
      if (!judge.wasDone(name, subject, event.atMs))
        complain('EFFECT-1', `${event.type} owes ${name}, never done`);
    };
    if (event.type === 'callRequested') owe('createRoom', '');
    if (event.type === 'agentOffered') offeredTo = event.hostId;
    if (event.type === 'offerExpired') owe('releaseSeat', offeredTo);
    if (event.type === 'agentLeft') {
      const seat = model.seatOf(event.session);
      owe('removeParticipant', seat?.identity ?? '');
      owe('releaseSeat', seat?.hostId ?? '');
    }
    if (event.type === 'callBackPromised') {
      owe('releaseSeat', 'all');
      owe('project', '');
      // Said only while the call lives: a farewell cut short needs none.
      const listens = (model.end?.atMs ?? 0) >= event.atMs + 10_000;
      if (listens && !judge.wasAsked('apologise', '', event.atMs))
        complain('DISPATCH-8', 'nobody was asked to say sorry');
    }
    if (event.type === 'callEnded') {
      for (const name of ['closeRoom', 'project', 'archive', 'announce']) owe(name, '');
      owe('releaseSeat', 'all');
      if (model.dialStartedAtMs !== null) owe('hangUpDial', '');
      if (model.dialled) owe('settleDial', '');
    }
    if (event.type === 'doNotCallRequested') {
      if (model.dialled) owe('suppress', NUMBER);
      if (model.end !== null && event.seq > model.end.seq) owe('settleDial', '');
    }
  }
}
