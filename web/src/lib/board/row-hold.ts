/** A pointer that lies still this long has been forgotten on the list, as on a wall display: rows may move again. */
const STILL_MS = 20_000;

/** Decides when rows must not move: while somebody points at the list, or has the focus in it, and is there. */
export class RowHold {
  readonly #changed: (held: boolean) => void;
  #pointed = false;
  #focused = false;
  #stillTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(changed: (held: boolean) => void) {
    this.#changed = changed;
  }

  point(pointed: boolean): void {
    this.#pointed = pointed;
    this.stir();
  }

  focus(focused: boolean): void {
    this.#focused = focused;
    this.stir();
  }

  /** The pointer or a key moved. */
  stir(): void {
    clearTimeout(this.#stillTimer);
    const held = this.#pointed || this.#focused;
    this.#changed(held);
    if (held) this.#stillTimer = setTimeout(() => this.#changed(false), STILL_MS);
  }

  stop(): void {
    clearTimeout(this.#stillTimer);
  }
}
