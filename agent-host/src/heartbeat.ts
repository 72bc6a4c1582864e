import type { Announcement, Heartbeat } from '../../protocol/fleet.ts';
import type { RehearsalOffer } from '../../protocol/scenario.ts';
import type { Log } from './log.ts';
import { HeartbeatReplySchema } from '../../protocol/fleet.ts';

export const HEARTBEAT_EVERY_MS = 5_000;
/** Hosts that were started together must not beat together. */
const JITTER_MS = 500;
/** A heartbeat that is not answered this long has failed. */
const ANSWER_MS = 4_000;
/** A failed heartbeat is tried again this soon, while the roster still remembers the last one. */
const RETRY_MS = 1_000;

export interface HeartbeatOptions {
  readonly workerUrl: string;
  readonly agentHostKey: string;
  /** Read anew for every beat. */
  readonly state: () => Heartbeat;
  /** The Worker no longer speaks this host's protocol. */
  readonly onDrain: () => void;
  /** A caller nobody can take is to hear a sentence. */
  readonly onAnnouncement: (announcement: Announcement) => void;
  /** A conversation is to be held in words. */
  readonly onRehearsal: (offer: RehearsalOffer) => void;
  /** The roster knows this host; called after every beat that arrived. */
  readonly onAnnounced: (heartbeat: Heartbeat) => void;
  readonly log: Log;
}

/** Tells the roster every 5 s that this host is there. Never throws: a host without a Worker keeps its calls. */
export class Heartbeats {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  #failing = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    void this.now();
  }

  /** Beats at once, for news that cannot wait. The regular beat starts over. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    const arrived = await this.#beat();
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const afterMs = (arrived ? HEARTBEAT_EVERY_MS : RETRY_MS) + (Math.random() * 2 - 1) * JITTER_MS;
    this.#timer = setTimeout(() => void this.now(), afterMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #beat(): Promise<boolean> {
    const { workerUrl, agentHostKey, state, onDrain, onAnnounced, onAnnouncement, onRehearsal, log } =
      this.#options;
    const heartbeat = state();
    try {
      const response = await fetch(`${workerUrl}/api/fleet/heartbeat`, {
        method: 'POST',
        headers: { authorization: `Bearer ${agentHostKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(heartbeat),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (!response.ok) return this.#failed(`status ${response.status}`);
      const reply = HeartbeatReplySchema.safeParse(await response.json());
      if (!reply.success) return this.#failed('reply not understood');
      if (this.#failing) log.info('heartbeats arrive again');
      this.#failing = false;
      onAnnounced(heartbeat);
      for (const each of reply.data.announcements) onAnnouncement(each);
      for (const each of reply.data.rehearsals ?? []) onRehearsal(each);
      if (reply.data.instruction === 'drain') onDrain();
      return true;
    } catch (error) {
      return this.#failed(error instanceof Error ? error.name : 'unknown');
    }
  }

  /** Said once per outage, not once per beat. */
  #failed(cause: string): false {
    if (!this.#failing) this.#options.log.warn('heartbeat failed, trying again', { cause });
    this.#failing = true;
    return false;
  }
}
