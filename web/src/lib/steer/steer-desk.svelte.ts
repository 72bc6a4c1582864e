import { noSupervision, supervisionOf } from '../../../../domain/call/supervision.ts';
import type { CallEvent } from '../../../../domain/call/fact.ts';
import type { CallState } from '../../../../domain/call/state.ts';
import type { Explanation } from '../api/explain.ts';
import { untrack } from 'svelte';
import { Listening } from '../listen/listening.svelte.ts';
import { lineOf, whoHearsYou } from './line.ts';
import { Mouth } from './mouth.svelte.ts';
import { Orders } from './orders.svelte.ts';

/** After the last whisper the way to the agent's ear stays open this long, so that the next one is heard at once. */
const WHISPER_IDLE_MS = 30_000;
/** People let go of a button while their last word is still in the air. */
const LAST_WORD_MS = 250;

/** Owns a supervisor's part in one call: what they hear, where they speak, what they ordered, and who has the line. */
export class SteerDesk {
  readonly listening: Listening;
  /** Heard by the customer while this page has the line. */
  readonly operator: Mouth;
  /** Heard by the agent alone. */
  readonly whisper: Mouth;
  readonly orders: Orders;
  readonly #by: string;
  readonly #call: () => CallState | null;
  #whisperTimer: ReturnType<typeof setTimeout> | undefined;
  #muted = $state(false);
  /** Between the click on Take over and the ledger's answer. */
  #taking = $state(false);
  #wantsToWhisper = $state(false);

  readonly supervision = $derived.by(() => {
    const call = this.#call();
    return call === null ? noSupervision : supervisionOf(call);
  });
  readonly line = $derived.by(() => lineOf(this.supervision, this.#by, this.operator.identity));
  /** By itself: the line is a new object whenever anything of supervision changed. */
  readonly #lineKind = $derived.by(() => this.line.kind);
  readonly whispering = $derived.by(() => this.whisper.open);
  readonly whoHears = $derived.by(() =>
    whoHearsYou({
      line: this.line,
      open: this.operator.open,
      muted: this.#muted,
      connected: this.operator.state.kind === 'ready',
      whispering: this.whispering,
    }),
  );

  constructor(callId: string, userId: string, call: () => CallState | null) {
    this.#by = `user:${userId}`;
    this.#call = call;
    this.operator = new Mouth(callId, 'operator');
    this.whisper = new Mouth(callId, 'whisper');
    this.listening = new Listening(callId, () => this.operator.identity);
    this.orders = new Orders(callId);
  }

  get muted(): boolean {
    return this.#muted;
  }
  get taking(): boolean {
    return this.#taking;
  }
  /** The button is held, whether or not the way is open yet. */
  get wantsToWhisper(): boolean {
    return this.#wantsToWhisper;
  }

  /** Called while a component is being made: follows the call's ledger to its end, and goes with the page. */
  follow(events: () => readonly CallEvent[], ended: () => boolean): void {
    $effect(() => {
      void this.line;
      untrack(() => this.#followLine());
    });
    $effect(() => {
      void this.#lineKind;
      untrack(() => this.#leaveLine());
    });
    $effect(() => {
      const known = events();
      untrack(() => this.#heardOf(known));
    });
    $effect(() => {
      if (ended()) untrack(() => this.#callEnded());
    });
    $effect(() => () => this.#close());
  }

  /** Opens and shuts the customer's gate as the ledger says (STEER-3): called whenever the line changed. */
  #followLine(): void {
    const { line } = this;
    if (line.kind === 'mine') {
      this.#taking = false;
      this.operator.speak(line.heard && !this.#muted);
      if (line.heard && this.#wantsToWhisper) void this.stopWhisper();
    } else {
      // Shut first: whatever happened, the line is not ours.
      this.operator.speak(false);
    }
  }

  /** What was ours is another's, or the agent's again: nobody sits on for nothing. Called when the line's kind changed. */
  #leaveLine(): void {
    if (this.line.kind === 'mine') return;
    this.#muted = false;
    // One that failed says why until somebody sits again.
    if (!this.#taking && this.operator.state.kind !== 'failed') this.operator.leave();
  }

  /** The dialog opened: by the time it is confirmed everything but the agent's silence is there. */
  async prepareTakeOver(): Promise<void> {
    void this.listening.start();
    await this.operator.sit();
  }

  cancelTakeOver(): void {
    if (this.line.kind !== 'mine' && !this.#taking) this.operator.leave();
  }

  /** @returns why not, or null when the order stands */
  async takeOver(): Promise<Explanation | null> {
    const { identity } = this.operator;
    if (identity === null) return null;
    this.#taking = true;
    const refused = await this.orders.give('You did not take the line.', { kind: 'takeOver', identity });
    if (refused === null) return null;
    this.#taking = false;
    this.operator.leave();
    return refused;
  }

  /** The same person, after a reload: the seat may be given anew under the same name, or the line is taken once more. */
  async comeBack(): Promise<Explanation | null> {
    void this.listening.start();
    if (!(await this.operator.sit())) return null;
    return this.line.kind === 'mine' ? null : this.takeOver();
  }

  /** The ledger grew: an order to take the line that failed leaves nobody waiting. */
  #heardOf(events: readonly CallEvent[]): void {
    this.orders.heardOf(events);
    if (!this.#taking) return;
    const last = this.orders.asked.findLast(({ order }) => order.kind === 'takeOver');
    if (last?.outcome !== 'failed') return;
    this.#taking = false;
    this.operator.leave();
  }

  handBack(note: string | null): Promise<Explanation | null> {
    return this.orders.give('The line was not handed back.', { kind: 'handBack', note });
  }

  mute(muted: boolean): void {
    this.#muted = muted;
    this.#followLine();
  }

  async startWhisper(): Promise<void> {
    clearTimeout(this.#whisperTimer);
    this.#wantsToWhisper = true;
    const ready = await this.whisper.sit();
    if (this.#wantsToWhisper) {
      this.whisper.speak(ready);
      if (!ready && this.whisper.state.kind === 'failed') this.#wantsToWhisper = false;
    } else if (ready) this.whisper.rest();
  }

  async stopWhisper(): Promise<void> {
    if (!this.#wantsToWhisper) return;
    this.#wantsToWhisper = false;
    clearTimeout(this.#whisperTimer);
    await new Promise((resolve) => setTimeout(resolve, LAST_WORD_MS));
    if (this.#wantsToWhisper) return;
    this.whisper.rest();
    this.#whisperTimer = setTimeout(() => {
      if (!this.#wantsToWhisper) this.whisper.leave();
    }, WHISPER_IDLE_MS);
  }

  /** The call is over: nothing is left to hear or to say. */
  #callEnded(): void {
    this.listening.callEnded();
    this.#leaveSeats();
  }

  #close(): void {
    this.listening.close();
    this.#leaveSeats();
  }

  #leaveSeats(): void {
    clearTimeout(this.#whisperTimer);
    this.#wantsToWhisper = this.#taking = this.#muted = false;
    this.operator.leave();
    this.whisper.leave();
  }
}
