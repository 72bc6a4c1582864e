import type { ModelProvider } from '../../../../domain/profile/models.ts';
import type { ToolName } from '../../../../domain/profile/profile.ts';
import type { ProfileRow } from '../../../../protocol/api/profiles.ts';
import type { ProfileContent } from '../../../../protocol/profile.ts';
import type { Tone } from '../call/words.ts';
import { formatMoment } from '../time/moment.ts';

/** How the parts of an agent are called on every screen. */
export const fieldLabel: Record<keyof ProfileContent, string> = {
  title: 'Name',
  language: 'Language',
  otherLanguages: 'Other languages',
  greeting: 'Greeting',
  disclosureLine: 'Says that it is an AI',
  instructions: 'Instructions',
  busyLine: 'Nobody is free',
  takeOverLine: 'A colleague takes over',
  handBackLine: 'The agent is back',
  operatorLostLine: 'The colleague was lost',
  goodbyeLine: 'Goodbye',
  outageLine: 'Out of order',
  voicemailLine: 'On a machine',
  hearing: 'Hearing',
  thinking: 'Thinking',
  speaking: 'Speaking',
  realtime: 'In one step',
  speakingRate: 'Speed of speech',
  tools: 'What it may do',
  httpTools: 'Your own tools',
  questions: 'Questions',
  transferTo: 'People it hands over to',
  maximumDurationS: 'Longest call',
  maximumSpendMicros: 'Most a call may cost',
  silence: 'Silence',
  recording: 'Recording',
  consentLine: 'Consent line',
};

export const providerLabel: Record<ModelProvider, string> = {
  lab: 'Lab (simulated)',
  openai: 'OpenAI',
  azure: 'Azure',
  deepgram: 'Deepgram',
  cartesia: 'Cartesia',
  groq: 'Groq',
  sarvam: 'Sarvam',
  elevenlabs: 'ElevenLabs',
};

export const toolLabel: Record<ToolName, string> = {
  do_not_call: 'Note that somebody is never to be called again',
  end_call: 'Hang up when the conversation is over',
  request_human: 'Ask for a person',
  schedule_call_back: 'Promise a call back at another time',
  record_answer: 'Note answers to its questions',
  look_up_vehicle: 'Look a vehicle up by its VIN',
  read_vehicle: 'Tell what is known of a vehicle',
  create_vehicle: 'Add a vehicle',
  switch_language: 'Go on in another of its languages',
};
/** Every agent can, whatever is chosen. */
export const always: readonly ToolName[] = ['do_not_call', 'end_call'];

interface Saved {
  readonly atMs: number | null;
  readonly byName: string | null;
}
/** `Ana, 14:02`; what came with Earshot says so. */
export const savedWords = ({ atMs, byName }: Saved, nowMs: number): string =>
  atMs === null || byName === null ? 'came with Earshot' : `${byName}, ${formatMoment(atMs, nowMs)}`;

type Stated = Pick<ProfileRow, 'publishedVersion' | 'draftDiffers' | 'archived'>;
export function stateOf({ publishedVersion, draftDiffers, archived }: Stated): { label: string; tone: Tone } {
  if (archived) return { label: 'Archived', tone: 'quiet' };
  if (publishedVersion === null) return { label: 'Never published', tone: 'attention' };
  return draftDiffers
    ? { label: `Version ${publishedVersion}, draft differs`, tone: 'attention' }
    : { label: `Version ${publishedVersion}`, tone: 'live' };
}

/** A name for URLs from a title: `Harbour Loans (DE)` → `harbour-loans-de`. */
export const slugFrom = (title: string): string =>
  title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
