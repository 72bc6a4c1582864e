import type { CallEvent, EndedBy } from '../../../../domain/call/fact.ts';
import { eventStory, type Told } from '../steer/event-words.ts';
import { orderFates } from '../steer/order-fates.ts';
import { formatDelay } from '../time/duration.ts';
import { profileLabel, stageLabel } from './agent-words.ts';
import { channelLabel, outcomeLabel, outcomeTone, type Tone } from './words.ts';

/** One line of a call's timeline: an event in words, or a run of routine ones counted. */
export interface TimelineEntry {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly atMs: number;
  readonly words: string;
  readonly tone: Tone;
  /** What a tool was given and gave, as JSON. */
  readonly details?: readonly { readonly label: string; readonly text: string }[];
}

/** Every event of the ledger is accounted for: what reads as a story by itself, speech and measures as counts. */
export function timelineEntries(events: readonly CallEvent[]): readonly TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  const told: Told = { fates: orderFates(events), names: namesOf(events) };
  let run: CallEvent[] = [];
  const endRun = (): void => {
    const first = run[0];
    const last = run.at(-1);
    if (first !== undefined && last !== undefined) {
      entries.push({
        fromSeq: first.seq,
        toSeq: last.seq,
        atMs: first.atMs,
        words: countWords(run),
        tone: 'quiet',
      });
    }
    run = [];
  };
  for (const event of events) {
    const story = eventWords(event) ?? eventStory(event, told);
    if (story === null) {
      run.push(event);
      continue;
    }
    endRun();
    entries.push({ fromSeq: event.seq, toSeq: event.seq, atMs: event.atMs, ...story });
  }
  endRun();
  return entries;
}

/** Who sits as whom: later entries name the seat alone. */
const namesOf = (events: readonly CallEvent[]): ReadonlyMap<string, string> =>
  new Map(events.flatMap((event) => (event.type === 'seatGiven' ? [[event.identity, event.byName]] : [])));

export const seqLabel = (entry: TimelineEntry): string =>
  entry.fromSeq === entry.toSeq ? `${entry.fromSeq}` : `${entry.fromSeq}–${entry.toSeq}`;

const endedByWords: Record<EndedBy, string> = {
  customer: 'by the customer',
  agent: 'by the agent',
  supervisor: 'by a supervisor',
  system: 'by the system',
};

const leftWords = {
  lost: 'Agent was lost',
  failed: 'Agent failed',
  drained: 'Agent handed the call back: its host is closing',
  finished: 'Agent left',
} as const;

export type Story = Pick<TimelineEntry, 'words' | 'tone' | 'details'>;

/** Null for the routine: speech, measures and usage. */
function eventWords(event: CallEvent): Story | null {
  const story = (words: string, tone: Tone = 'quiet'): Story => ({ words, tone });
  switch (event.type) {
    case 'callRequested':
      return story(`Call requested: ${profileLabel(event)}, ${channelLabel[event.channel].toLowerCase()}`);
    case 'agentOffered':
      return story(`Agent offered to host ${event.hostId}`);
    case 'offerExpired':
      return event.reason === 'notOpened'
        ? story(`Offer ${event.offer} was not taken up`, 'failed')
        : story(`Offer ${event.offer} could not be dispatched`, 'failed');
    case 'agentJoined':
      return story(`Agent joined from host ${event.hostId}`, 'live');
    case 'agentLeft':
      return story(leftWords[event.reason], event.reason === 'finished' ? 'quiet' : 'failed');
    case 'customerJoined':
      return story('Customer joined', 'live');
    case 'customerLeft':
      return story('Customer left');
    case 'toolUsed':
      return { ...toolStory(event), details: toolDetails(event) };
    case 'answerRecorded':
      return story(`Answer to “${event.question}”: ${event.answer}`);
    case 'modelReplaced':
      return event.to === null
        ? story(`${stageLabel[event.stage]}: ${event.from} failed, and none is left`, 'failed')
        : story(`${stageLabel[event.stage]}: ${event.from} failed, ${event.to} goes on`, 'attention');
    case 'languageSwitched':
      return story(`Goes on in ${event.to}`);
    case 'humanRequested':
      return story(`Asks for a person: ${event.reason}`, 'attention');
    case 'callBackPromised':
      return event.reason === 'outage'
        ? story('No model answered any more: a call back was promised', 'failed')
        : story('Nobody was free: a call back was promised', 'failed');
    case 'spendLimitReached':
      return story('Its models have cost what the call may: the agent says goodbye', 'failed');
    case 'dialStarted':
      return story('Carrier asked to ring the customer');
    case 'dialPlaced':
      return story('Carrier took the call');
    case 'dialRinging':
      return story('Ringing');
    case 'dialFailed':
      return story(`Not reached: ${outcomeLabel[event.failure].toLowerCase()} (${event.cause})`, 'failed');
    case 'answeredBy':
      return story(answeredByWords(event));
    case 'doNotCallRequested':
      return story('Asks never to be called again', 'attention');
    case 'callBackRequested':
      return story('Asks to be called at another time');
    case 'hangUpRequested':
      return story('Hang-up requested');
    case 'personalDataErased':
      return story('Personal data was erased');
    case 'callEnded':
      return story(
        `Call ended ${endedByWords[event.endedBy]}: ${outcomeLabel[event.outcome].toLowerCase()}`,
        outcomeTone(event.outcome),
      );
    default:
      return null;
  }
}

type ToolUse = Extract<CallEvent, { type: 'toolUsed' }>;
function toolStory({ tool, succeeded, durationMs }: ToolUse): Story {
  const delay = unbroken(formatDelay(durationMs));
  return succeeded
    ? { words: `Tool ${tool} used in ${delay}`, tone: 'quiet' }
    : { words: `Tool ${tool} failed after ${delay}`, tone: 'failed' };
}
const toolDetails = ({ given, gave }: ToolUse): { label: string; text: string }[] => [
  ...(given === undefined ? [] : [{ label: 'Given', text: given }]),
  ...(gave === undefined ? [] : [{ label: 'Gave', text: gave }]),
];

function answeredByWords(event: Extract<CallEvent, { type: 'answeredBy' }>): string {
  const after = `after ${unbroken(formatDelay(event.afterMs))}`;
  if (event.verdict === 'unsure') return `Could not tell whether a person answered, ${after}`;
  const who = event.verdict === 'human' ? 'a person' : 'a machine';
  return `Answered by ${who}: ${Math.round(event.confidence * 100)}\u00a0% sure ${after}`;
}

/** A number is not parted from its unit at the end of a line. */
const unbroken = (text: string): string => text.replace(' ', '\u00a0');

function countWords(run: readonly CallEvent[]): string {
  const turns = run.filter((event) => event.type === 'wordsSpoken').length;
  const measures = run.filter((event) => event.type === 'turnMeasured').length;
  const usage = run.filter((event) => event.type === 'usageReported').length;
  const followed = run.filter((event) => event.type === 'orderFollowed').length;
  const others = run.length - turns - measures - usage - followed;
  return [
    turns > 0 && `${turns} ${turns === 1 ? 'utterance' : 'utterances'}`,
    measures > 0 && `${measures} ${measures === 1 ? 'reply' : 'replies'} measured`,
    usage > 0 && `${usage} usage ${usage === 1 ? 'report' : 'reports'}`,
    followed > 0 && `${followed} ${followed === 1 ? 'order' : 'orders'} followed`,
    others > 0 && `${others} other ${others === 1 ? 'entry' : 'entries'}`,
  ]
    .filter((part) => part !== false)
    .join(', ');
}
