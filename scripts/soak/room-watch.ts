import { RoomServiceClient } from 'livekit-server-sdk';
import { callIdOfRoom, seatOf } from '../../domain/call/identity.ts';
import type { StackMediaServer } from '../stack/media-server.ts';

const LOOK_EVERY_MS = 1_000;
const ANSWER_WITHIN_S = 2;

/**
 * Looks into every room each second for two agents that both have a voice there. The ledger alone cannot tell: it admits
 * one at its door, and what must not happen is that two are heard (DISPATCH-3).
 */
export class RoomWatch {
  /** The longest time in which two agents had a voice in one room, by call, ms; as exact as the looks are frequent. */
  readonly overlaps = new Map<string, number>();
  looks = 0;
  readonly #rooms: RoomServiceClient;
  /** Since when the look that saw two was the rule, by call. */
  readonly #since = new Map<string, number>();
  #stopped = false;

  constructor({ url, apiKey, apiSecret }: StackMediaServer) {
    this.#rooms = new RoomServiceClient(url.replace(/^ws/, 'http'), apiKey, apiSecret, {
      requestTimeout: ANSWER_WITHIN_S,
    });
  }

  async watch(): Promise<void> {
    while (!this.#stopped) {
      await this.#look().catch(() => {
        // The server is down, and with it every room.
        this.#since.clear();
      });
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async #look(): Promise<void> {
    const nowMs = Date.now();
    const double = new Set<string>();
    for (const { name } of await this.#rooms.listRooms()) {
      const callId = callIdOfRoom(name);
      if (callId === null) continue;
      const present = await this.#rooms.listParticipants(name);
      const voices = present.filter((each) => seatOf(each.identity) === 'agent' && each.tracks.length > 0);
      if (voices.length < 2) continue;
      double.add(callId);
      const since = this.#since.get(callId) ?? nowMs;
      this.#since.set(callId, since);
      this.overlaps.set(callId, Math.max(this.overlaps.get(callId) ?? 0, nowMs - since));
    }
    this.looks++;
    for (const callId of this.#since.keys()) if (!double.has(callId)) this.#since.delete(callId);
  }
}
