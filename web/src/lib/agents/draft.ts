import type { ModelProvider } from '../../../../domain/profile/models.ts';
import type { ToolName } from '../../../../domain/profile/profile.ts';
import type { RecordingPolicy } from '../../../../domain/call/recording.ts';
import type { ProfileContent } from '../../../../protocol/profile.ts';

/** A model as a form holds it: empty text for "its usual one". */
export interface ModelDraft {
  provider: ModelProvider;
  model: string;
  voice: string;
}

/** An agent as a form holds it: empty text where nothing is said, dollars instead of their millionths. */
export interface AgentDraft {
  title: string;
  language: string;
  /** As people list them: `de-DE, fr-FR`. */
  otherLanguages: string;
  greeting: string;
  disclosureLine: string;
  instructions: string;
  busyLine: string;
  takeOverLine: string;
  handBackLine: string;
  operatorLostLine: string;
  goodbyeLine: string;
  outageLine: string;
  voicemailLine: string;
  hearing: ModelDraft[];
  thinking: ModelDraft[];
  speaking: ModelDraft[];
  /** None, or the one there is. */
  realtime: ModelDraft[];
  speakingRate: number;
  tools: ToolName[];
  httpTools: string[];
  questions: { key: string; question: string }[];
  transferTo: string;
  maximumDurationS: number;
  /** Empty: no limit. */
  maximumDollars: string;
  silence: { askAfterS: number; asks: number; line: string };
  recording: RecordingPolicy;
  consentLine: string;
}

type Model = ProfileContent['hearing'][number];

const modelDraft = ({ provider, model, voice }: Model): ModelDraft => ({
  provider,
  model: model ?? '',
  voice: voice ?? '',
});
const modelOf = ({ provider, model, voice }: ModelDraft): Model => ({
  provider,
  model: orNull(model),
  voice: orNull(voice),
});
/** Only what is empty stands for nothing: a line is kept as it was typed. */
const orNull = (text: string): string | null => (text.trim() === '' ? null : text);

export function draftOf(content: ProfileContent): AgentDraft {
  const { maximumSpendMicros, realtime, ...same } = structuredClone(content);
  return {
    ...same,
    otherLanguages: same.otherLanguages.join(', '),
    disclosureLine: same.disclosureLine ?? '',
    voicemailLine: same.voicemailLine ?? '',
    hearing: same.hearing.map(modelDraft),
    thinking: same.thinking.map(modelDraft),
    speaking: same.speaking.map(modelDraft),
    realtime: realtime === null ? [] : [modelDraft(realtime)],
    transferTo: same.transferTo ?? '',
    maximumDollars: maximumSpendMicros === null ? '' : String(maximumSpendMicros / 1_000_000),
    consentLine: same.consentLine ?? '',
  };
}

/** What the API is given; it may break the schema, as a form does while it is filled in. */
export function contentOf(draft: AgentDraft): ProfileContent {
  const { maximumDollars, realtime, ...same } = draft;
  return {
    ...same,
    otherLanguages: draft.otherLanguages.split(/[\s,;]+/).filter((each) => each !== ''),
    disclosureLine: orNull(draft.disclosureLine),
    voicemailLine: orNull(draft.voicemailLine),
    hearing: draft.hearing.map(modelOf),
    thinking: draft.thinking.map(modelOf),
    speaking: draft.speaking.map(modelOf),
    realtime: realtime[0] === undefined ? null : modelOf(realtime[0]),
    transferTo: orNull(draft.transferTo),
    maximumSpendMicros: maximumDollars.trim() === '' ? null : Math.round(Number(maximumDollars) * 1_000_000),
    consentLine: orNull(draft.consentLine),
  };
}

/** Equal texts are equal contents, whatever the order of their fields. */
export function sameContent(one: ProfileContent, other: ProfileContent): boolean {
  return stable(one) === stable(other);
}
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : typeof each === 'number' && Number.isNaN(each)
        ? 'no number'
        : each,
  );
