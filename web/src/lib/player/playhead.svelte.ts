import { untrack } from 'svelte';
import { replaceState } from '$app/navigation';
import { page } from '$app/state';
import { audioAddress } from '../api/recordings.ts';
import { Playback } from './playback.svelte.ts';
import { addressWith, placeText, readPlace, type Sound } from './soundtrack.ts';

/** The playhead of a call's page: what is heard, and where it stands in the address (`?t=83`). */
export class Playhead {
  readonly playback: Playback;
  #place = $state<string | null>(null);

  /** Made while a component is being made: it follows what there is to hear, and goes with the page. */
  constructor(callId: string, sounds: () => readonly Sound[]) {
    this.#place = untrack(() => page.url.searchParams.get('t'));
    this.playback = new Playback((recordingId) => audioAddress(callId, recordingId));
    let placed = false;
    $effect(() => {
      const known = sounds();
      this.playback.hold(known);
      if (placed || known.length === 0) return;
      placed = true;
      const fromMs = readPlace(untrack(() => this.#place));
      if (fromMs !== null) untrack(() => this.playback.seek(fromMs));
    });
    $effect(() => () => this.playback.close());
  }

  /** `?t=` as it stands. */
  get place(): string | null {
    return this.#place;
  }

  seek(callMs: number): void {
    this.playback.seek(callMs);
    this.write();
  }

  write(): void {
    this.#place = placeText(this.playback.now());
    this.#show({ t: this.#place });
  }

  /** A wish that was fulfilled is not asked for again by a reload. */
  forget(name: string): void {
    this.#show({ [name]: null });
  }

  /** The page's own address, changed in these places: no other page is gone to. */
  #show(change: Readonly<Record<string, string | null>>): void {
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- it is the address of this very page
    void replaceState(addressWith(location.href, change), page.state);
  }
}
