import type { CallEvent, Speaker } from '../../../../domain/call/fact.ts';
import type { Utterance } from '../../../../domain/call/state.ts';
import type { Interim } from '../../../../protocol/interim.ts';

/** One line of a transcript: words that were spoken, or a note of something the reader should know. */
export type TranscriptRow = SpokenRow | NoteRow;

export interface SpokenRow {
  readonly kind: 'spoken';
  readonly key: string;
  /** The ledger's number; null while the words are still being spoken. */
  readonly seq: number | null;
  readonly speaker: Speaker;
  readonly text: string;
  readonly startedAtMs: number;
  readonly interrupted: boolean;
  /** The same speaker goes on: the name need not be said again. */
  readonly continues: boolean;
}

export interface NoteRow {
  readonly kind: 'note';
  readonly key: string;
  readonly seq: number;
  readonly tone: 'attention' | 'quiet';
  readonly text: string;
  readonly startedAtMs: number;
}

/** Finals and notes in the order in which they were spoken or happened. */
export function transcriptRows(
  transcript: readonly Utterance[],
  events: readonly CallEvent[],
): readonly TranscriptRow[] {
  const notes = events.map(noteOf).filter((note) => note !== null);
  const rows: TranscriptRow[] = [];
  let nextNote = 0;
  let lastSpeaker: Speaker | null = null;
  const addNotesBefore = (atMs: number): void => {
    for (
      let note = notes[nextNote];
      note !== undefined && note.startedAtMs < atMs;
      note = notes[++nextNote]
    ) {
      rows.push(note);
      lastSpeaker = null;
    }
  };
  for (const said of transcript) {
    addNotesBefore(said.startedAtMs);
    rows.push(spokenRow(said, said.seq, lastSpeaker === said.speaker));
    lastSpeaker = said.speaker;
  }
  addNotesBefore(Infinity);
  return rows;
}

/** The words being spoken right now, after everything final. */
export function interimRows(
  interims: readonly Interim[],
  finals: readonly TranscriptRow[],
): readonly SpokenRow[] {
  const last = finals.at(-1);
  let lastSpeaker = last?.kind === 'spoken' ? last.speaker : null;
  return interims.map((interim) => {
    const row = spokenRow({ ...interim, interrupted: false }, null, lastSpeaker === interim.speaker);
    lastSpeaker = interim.speaker;
    return row;
  });
}

type Words = Pick<Utterance, 'utteranceId' | 'speaker' | 'text' | 'startedAtMs' | 'interrupted'>;

function spokenRow(words: Words, seq: number | null, continues: boolean): SpokenRow {
  const { utteranceId, speaker, text, startedAtMs, interrupted } = words;
  return { kind: 'spoken', key: utteranceId, seq, speaker, text, startedAtMs, interrupted, continues };
}

function noteOf(event: CallEvent): NoteRow | null {
  const note = (tone: NoteRow['tone'], text: string): NoteRow => ({
    kind: 'note',
    key: `note-${event.seq}`,
    seq: event.seq,
    tone,
    text,
    startedAtMs: event.atMs,
  });
  switch (event.type) {
    case 'humanRequested':
      return note('attention', `Asks for a person: ${event.reason}`);
    case 'agentLeft':
      return event.reason === 'finished'
        ? null
        : note('attention', 'The agent was lost; another is being found');
    case 'agentJoined':
      return event.offer > 1 ? note('quiet', 'Another agent carries on') : null;
    default:
      return null;
  }
}

export const speakerLabel: Record<Speaker, string> = {
  agent: 'Agent',
  customer: 'Customer',
  operator: 'Operator',
};
