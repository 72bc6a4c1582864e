import { llm } from '@livekit/agents';
import * as z from 'zod';

export interface SwitchLanguageOptions {
  /** BCP 47: the profile's own, then those it may go on in. */
  readonly languages: readonly string[];
  /** What is spoken now. */
  readonly current: string;
  /** Hears and speaks it from now on, and the ledger is told. */
  switchTo(language: string): Promise<void>;
}

/**
 * `switch_language`: the agent goes on in another of the profile's languages (TURN-4). Null where there is no other: a model that is
 * offered what cannot be done will promise it.
 */
export function switchLanguageTool({ languages, current, switchTo }: SwitchLanguageOptions) {
  if (languages.length < 2) return null;
  let spoken = current;
  return llm.tool({
    description: `Goes on in another language. Use it when the customer speaks, or asks for, one of ${languages.join(', ')} and you are not speaking it. No other language can be spoken.`,
    parameters: z.object({
      language: z.string().describe(`One of ${languages.join(', ')}`),
    }),
    execute: async ({ language }) => {
      const wanted = languageAmong(languages, language);
      if (wanted === null) return `That language cannot be spoken. Go on in ${spoken}.`;
      if (wanted === spoken) return `${wanted} is spoken already.`;
      await switchTo(wanted);
      spoken = wanted;
      return `From now on speak ${wanted} only, also for what you were told to say in another language.`;
    },
  });
}

/** The one that is meant: a model says `es` for `es-MX`, or `ES-mx`. */
export function languageAmong(languages: readonly string[], wanted: string): string | null {
  const name = wanted.trim().toLowerCase();
  const exact = languages.find((each) => each.toLowerCase() === name);
  const [base = name] = name.split('-');
  return exact ?? languages.find((each) => each.toLowerCase().split('-')[0] === base) ?? null;
}
