import type { ModelChoice, ModelStage } from './models.ts';
import { stagesOf } from './models.ts';
import { bracedIn, unknownIn } from './placeholders.ts';
import type { Profile } from './profile.ts';

export const profileProblems = [
  'placeholderUnknown',
  'placeholderSpoken',
  'providerCannot',
  'realtimeCannot',
  'httpToolUnknown',
  'consentLineMissing',
  'questionTwice',
  'answersUnrecorded',
  'languagesUnused',
] as const;
export type ProfileProblemCode = (typeof profileProblems)[number];

/** Why a profile cannot work as it is, and what to do about it. */
export interface ProfileProblem {
  readonly code: ProfileProblemCode;
  /** Where: `thinking.1.provider`. */
  readonly field: string;
  readonly message: string;
}

type Content = Omit<Profile, 'slug'>;
type Found = ProfileProblem | null;

/** Lines that are spoken as they stand. */
export const spokenLines = [
  'greeting',
  'disclosureLine',
  'consentLine',
  'busyLine',
  'takeOverLine',
  'handBackLine',
  'operatorLostLine',
  'goodbyeLine',
  'outageLine',
  'voicemailLine',
] as const;

/** Everything that keeps a profile from being published (PROFILE-4), in the order of the form. Pure. */
export function problemsOf(content: Content, knownHttpTools: readonly string[]): readonly ProfileProblem[] {
  const found: readonly Found[] = [
    ...spokenLines.map((field) => spoken(field, content[field])),
    spoken('silence.line', content.silence.line),
    ...unknownIn(content.instructions).map((name) => unknownPlaceholder(name)),
    ...(['hearing', 'thinking', 'speaking'] as const).flatMap((stage) =>
      content[stage].map((choice, at) => cannot(stage, at, choice)),
    ),
    realtime(content.realtime),
    languages(content),
    ...content.httpTools.map((name, at) => httpTool(name, at, knownHttpTools)),
    ...content.questions.map((each, at) =>
      content.questions.findIndex((other) => other.key === each.key) === at
        ? null
        : problem(
            'questionTwice',
            `questions.${at}.key`,
            `Two questions are called ${each.key}: rename one.`,
          ),
    ),
    answers(content),
    consent(content),
  ];
  return found.filter((each) => each !== null);
}

const problem = (code: ProfileProblemCode, field: string, message: string): ProfileProblem => ({
  code,
  field,
  message,
});

const spoken = (field: string, line: string | null): Found =>
  line === null || bracedIn(line).length === 0
    ? null
    : problem(
        'placeholderSpoken',
        field,
        'Placeholders are filled in within the instructions only; here they would be read out: say it without.',
      );

const unknownPlaceholder = (name: string): ProfileProblem =>
  problem(
    'placeholderUnknown',
    'instructions',
    `Nothing is ever put in for {{${name}}}: use {{contact.name}} or {{lead.column}}, or take it out.`,
  );

const verbs: Record<ModelStage, string> = {
  hearing: 'hear',
  thinking: 'think',
  speaking: 'speak',
  realtime: 'talk in one step',
};
const able = (stage: ModelStage): string =>
  Object.entries(stagesOf)
    .filter(([, stages]) => stages.includes(stage))
    .map(([provider]) => provider)
    .join(', ');

const cannot = (stage: 'hearing' | 'thinking' | 'speaking', at: number, { provider }: ModelChoice): Found =>
  stagesOf[provider].includes(stage)
    ? null
    : problem(
        'providerCannot',
        `${stage}.${at}.provider`,
        `${provider} cannot ${verbs[stage]}: choose one of ${able(stage)}.`,
      );

const realtime = (choice: ModelChoice | null): Found =>
  choice === null || stagesOf[choice.provider].includes('realtime')
    ? null
    : problem(
        'realtimeCannot',
        'realtime.provider',
        `${choice.provider} has no realtime model: choose one of ${able('realtime')}, or none.`,
      );

const languages = ({ otherLanguages, tools }: Content): Found =>
  otherLanguages.length === 0 || tools.includes('switch_language')
    ? null
    : problem(
        'languagesUnused',
        'otherLanguages',
        'It may not change its language: allow it to, or leave the other languages out.',
      );

const httpTool = (name: string, at: number, known: readonly string[]): Found =>
  known.includes(name)
    ? null
    : problem('httpToolUnknown', `httpTools.${at}`, `There is no tool ${name}: define it, or take it out.`);

const answers = ({ questions, tools }: Content): Found =>
  questions.length === 0 || tools.includes('record_answer')
    ? null
    : problem(
        'answersUnrecorded',
        'questions',
        'It has questions and may not note answers: allow it to, or leave the questions out.',
      );

const consent = ({ recording, consentLine }: Content): Found =>
  recording !== 'afterConsent' || consentLine !== null
    ? null
    : problem(
        'consentLineMissing',
        'consentLine',
        'Recording waits for consent, and nothing asks for it: write the consent line.',
      );
