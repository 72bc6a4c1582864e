import { voice } from '@livekit/agents';
import type { CallLink, Welcome } from './call-link.ts';
import type { Ending } from './ending.ts';
import type { Log } from './log.ts';
import type { CallModels } from './models/call-models.ts';
import { Farewell } from './farewell.ts';
import { switchLanguageTool } from './language.ts';
import { Limits } from './limits.ts';
import { Outage } from './outage.ts';
import { askAfterSilence } from './silence.ts';

const events = voice.AgentSessionEventTypes;

export interface OwnAccordOptions {
  readonly session: voice.AgentSession;
  readonly models: CallModels;
  readonly welcome: Welcome;
  readonly ending: Ending;
  readonly link: Pick<CallLink, 'observe'>;
  readonly isSilent: () => boolean;
  readonly log: Log;
}

/** What the agent does of its own accord: asks into silence, goes when its limits are reached, says so when its models fail. */
export class OwnAccord {
  readonly #options: OwnAccordOptions;
  readonly #limits: Limits;
  readonly #outage: Outage;
  readonly #farewell: Farewell;
  #stopAsking: () => void = () => undefined;

  constructor(options: OwnAccordOptions) {
    const { session, models, welcome, ending, isSilent, log } = options;
    this.#options = options;
    this.#farewell = new Farewell({ session, ending, isSilent });
    this.#limits = new Limits(this.#farewell, welcome.profile);
    this.#outage = new Outage({ models, line: welcome.profile.outageLine, farewell: this.#farewell, log });
    tellStretches(session, models);
  }

  /** The session runs, and the first words are on their way. */
  begin(): void {
    const { session, welcome, isSilent } = this.#options;
    this.#limits.begin();
    // An agent before this one was told, and lost before it could say goodbye.
    if (welcome.steering?.limitReached !== undefined) this.spent();
    this.#stopAsking = askAfterSilence({
      session,
      profile: welcome.profile,
      farewell: this.#farewell,
      isSilent,
    });
  }

  /** The customer hears something. */
  firstSound(): void {
    void this.#outage.prepare();
  }

  /** The ledger says that the call has cost what it may. */
  spent(): void {
    this.#limits.reached('spend');
  }

  /** `switch_language`, where there is another language to go on in. */
  languageTool(): ReturnType<typeof switchLanguageTool> {
    const { models, welcome, link } = this.#options;
    const { profile } = welcome;
    if (!profile.tools.includes('switch_language')) return null;
    return switchLanguageTool({
      languages: [profile.language, ...profile.otherLanguages],
      current: welcome.language ?? profile.language,
      switchTo: async (language) => {
        await models.switchTo(language);
        link.observe({ type: 'languageSwitched', to: language });
      },
    });
  }

  close(): void {
    this.#stopAsking();
    this.#limits.close();
  }
}

/** The session's VAD hears where a stretch of speech begins and ends; the recognisers are held to it (MODEL-4). */
function tellStretches(
  session: Pick<voice.AgentSession, 'on'>,
  { hearing }: Pick<CallModels, 'hearing'>,
): void {
  let sinceMs: number | null = null;
  session.on(events.UserStateChanged, ({ newState, oldState, createdAt }) => {
    if (newState === 'speaking') {
      sinceMs = createdAt;
      hearing.stretchBegan();
    } else if (oldState === 'speaking' && sinceMs !== null) hearing.stretchOver(createdAt - sinceMs);
  });
}
