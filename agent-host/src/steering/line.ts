import type { llm, voice } from '@livekit/agents';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Profile } from '../../../domain/profile/profile.ts';
import type { WordsSpoken } from '../../../domain/call/fact.ts';
import { addUtterance } from '../session.ts';
import { HAND_BACK_NOTE, LAPSED_NOTE, whisperNote } from './notes.ts';

/** The line to the customer may take so long; then the agent is silent in the middle of it, ms. */
const LINE_MS = 6_000;
/** A speech that is broken off is over by then, ms. */
const BREAK_OFF_MS = 1_000;
/** A sentence that the customer is just saying may still end and be understood, ms. */
const LAST_WORDS_MS = 1_000;
const POLL_MS = 20;

export type SteeredSession = Pick<
  voice.AgentSession,
  'say' | 'generateReply' | 'interrupt' | 'clearUserTurn' | 'userState' | 'input'
>;
export type SteeredAgent = Pick<voice.Agent, 'chatCtx' | 'updateChatCtx'>;

/** Ears of our own, for the time in which the session has none. */
export interface OtherEars {
  open(): void;
  /** What was said meanwhile. */
  close(): Promise<readonly WordsSpoken[]>;
}

export interface LineOptions {
  readonly session: SteeredSession;
  readonly agent: SteeredAgent;
  readonly profile: Pick<Profile, 'takeOverLine' | 'handBackLine' | 'operatorLostLine'>;
  readonly ears: OtherEars;
}

/** Whether the agent has its line, and all that giving it up and taking it again means (STEER-5). Calls follow each other. */
export class Line {
  readonly #options: LineOptions;
  #isHeld = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** A person has the line: nothing that is heard is answered, and nothing is said. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Breaks off, tells the customer, and is then silent and deaf. Resolves when it is. */
  async giveUp(): Promise<void> {
    if (this.#isHeld) return;
    const { session, profile } = this.#options;
    this.#isHeld = true;
    await this.#breakOff();
    const line = session.say(profile.takeOverLine, { allowInterruptions: false });
    await Promise.race([line.waitForPlayout(), sleep(LINE_MS)]);
    await this.#breakOff();
    await this.#lastWords();
    this.#goDeaf();
  }

  /** A successor: it was never there, so it says nothing at all (STEER-7). */
  stayAway(): void {
    if (this.#isHeld) return;
    this.#isHeld = true;
    this.#goDeaf();
  }

  /** The line is the agent's again. Resolves when it hears and may speak; what it says follows. */
  takeBack(note: string | null): Promise<void> {
    const { profile } = this.#options;
    const notes = [HAND_BACK_NOTE, ...(note === null ? [] : [whisperNote(note)])];
    return this.#return(notes, profile.handBackLine, true);
  }

  /** Whoever held it is gone (STEER-6). */
  lapse(): Promise<void> {
    const { profile } = this.#options;
    return this.#return([LAPSED_NOTE], profile.operatorLostLine, false);
  }

  async #return(notes: readonly string[], sentence: string, carriesOn: boolean): Promise<void> {
    if (!this.#isHeld) return;
    const { session, agent, ears } = this.#options;
    const words = await ears.close();
    const history = agent.chatCtx.copy();
    for (const each of words) addUtterance(history, each);
    for (const content of notes) history.addMessage({ role: 'system', content });
    await agent.updateChatCtx(history);
    // What a recogniser still held from before belongs to a time that is over.
    session.clearUserTurn();
    session.input.setAudioEnabled(true);
    this.#isHeld = false;
    const line = session.say(sentence, { allowInterruptions: true });
    if (carriesOn) line.addDoneCallback(() => this.#carryOn(notes.join('\n')));
  }

  /** Once, and not into the customer's words: then their turn is answered, with the note in the history. */
  #carryOn(instructions: string): void {
    const { session } = this.#options;
    if (!this.#isHeld && session.userState !== 'speaking') session.generateReply({ instructions });
  }

  async #breakOff(): Promise<void> {
    const { session } = this.#options;
    const gently = async (): Promise<boolean> => {
      await session.interrupt({ force: false }).await;
      return true;
    };
    const broken = gently().catch(() => false);
    // One that allows no interruption, a message or the line itself, is cut all the same.
    if (!(await Promise.race([broken, sleep(BREAK_OFF_MS).then(() => false)])))
      await session.interrupt({ force: true }).await;
  }

  async #lastWords(): Promise<void> {
    const untilMs = Date.now() + LAST_WORDS_MS;
    while (this.#options.session.userState === 'speaking' && Date.now() < untilMs) await sleep(POLL_MS);
  }

  #goDeaf(): void {
    const { session, ears } = this.#options;
    session.input.setAudioEnabled(false);
    session.clearUserTurn();
    ears.open();
  }
}

/** Adds a message to what the agent knows, at the end. */
export async function note(agent: SteeredAgent, content: string): Promise<void> {
  const history: llm.ChatContext = agent.chatCtx.copy();
  history.addMessage({ role: 'system', content });
  await agent.updateChatCtx(history);
}
