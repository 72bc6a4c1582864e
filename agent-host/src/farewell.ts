import type { voice } from '@livekit/agents';
import type { SessionEnding } from '../../domain/call/input.ts';
import type { Ending } from './ending.ts';

/** Somebody who is speaking is let finish, ms; then the line is said all the same. */
const QUIET_WITHIN_MS = 8_000;
/** A voice that takes longer for one line is broken, ms. */
const SAID_WITHIN_MS = 12_000;
const POLL_MS = 50;

type Sound = NonNullable<NonNullable<Parameters<voice.AgentSession['say']>[1]>['audio']>;

export interface FarewellOptions {
  readonly session: Pick<voice.AgentSession, 'say' | 'interrupt' | 'agentState' | 'userState'>;
  readonly ending: Ending;
  /** A colleague has the line, or a machine listens: it is not ours to end. */
  readonly isSilent: () => boolean;
}

export interface LastWords {
  readonly line: string;
  /** For the ledger: never words of the call. */
  readonly reason: string;
  readonly outcome: NonNullable<SessionEnding['outcome']>;
  /** The line's sound, where there may be no voice to say it. */
  readonly sound?: Sound;
  /** Nobody is waited for: there is nothing to be heard any more. */
  readonly atOnce?: boolean;
}

/** The agent's own way out of a call: it lets everybody finish, says a line, and hangs up. Once. */
export class Farewell {
  readonly #options: FarewellOptions;
  #begun = false;

  constructor(options: FarewellOptions) {
    this.#options = options;
  }

  get hasBegun(): boolean {
    return this.#begun;
  }

  /** Resolves when the call was ended, or when somebody else has it. Never throws. */
  async say({ line, reason, outcome, sound, atOnce = false }: LastWords): Promise<void> {
    const { session, ending, isSilent } = this.#options;
    if (this.#begun || isSilent()) return;
    this.#begun = true;
    try {
      if (!atOnce) await this.#quiet();
      if (isSilent()) {
        this.#begun = false;
        return;
      }
      await session.interrupt({ force: true }).await;
      const speech = session.say(line, {
        allowInterruptions: false,
        ...(sound === undefined ? {} : { audio: sound }),
      });
      await Promise.race([speech.waitForPlayout(), sleep(SAID_WITHIN_MS)]);
    } catch {
      // Whatever the session says: the call ends now.
    }
    if (!isSilent()) ending.end('agent', reason, outcome);
  }

  /** Nobody speaks, and nothing is on its way. */
  async #quiet(): Promise<void> {
    const { session, ending } = this.#options;
    const untilMs = Date.now() + QUIET_WITHIN_MS;
    const isBusy = (): boolean =>
      session.userState === 'speaking' ||
      session.agentState === 'speaking' ||
      session.agentState === 'thinking';
    while (isBusy() && Date.now() < untilMs && ending.ended === null) await sleep(POLL_MS);
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
