import type { stt, voice } from '@livekit/agents';
import type { Room } from '@livekit/rtc-node';
import type { Steering } from '../../../protocol/agent.ts';
import type { CallLink, Welcome } from '../call-link.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { Line } from './line.ts';
import { LineEars } from './line-ears.ts';
import { OrderDesk } from './order-desk.ts';
import { tellRoomNews } from './room-news.ts';
import type { RecordingHands } from './steered-session.ts';
import { steeredSession } from './steered-session.ts';
import { WhisperRoom } from './whisper-room.ts';

export interface CallSteeringOptions {
  readonly callId: string;
  readonly link: CallLink;
  readonly room: Room;
  readonly config: Config;
  readonly log: Log;
  readonly recording: RecordingHands;
  readonly onTakeOver: () => void;
}

/** Everything by which supervisors steer the agent of one call. */
export class CallSteering {
  readonly #options: CallSteeringOptions;
  #latest: Steering | null = null;
  #desk: OrderDesk | null = null;
  #line: Line | null = null;
  #ears: LineEars | null = null;
  #whispers: WhisperRoom | null = null;

  constructor(options: CallSteeringOptions) {
    this.#options = options;
  }

  get isHeld(): boolean {
    // Before there is a session a successor is told who holds the line.
    return this.#line === null ? (this.#latest?.line ?? null) !== null : this.#line.isHeld;
  }

  tell(steering: Steering): void {
    this.#latest = steering;
    this.#desk?.tell(steering);
    this.#whispers?.set(steering.whispering);
  }

  /** From now on orders are followed; those that came before, first. */
  begin(
    session: voice.AgentSession,
    agent: voice.Agent,
    customer: string,
    { profile }: Pick<Welcome, 'profile'>,
    ears: () => stt.STT,
  ): void {
    const { callId, link, room, config, log, recording, onTakeOver } = this.#options;
    this.#ears = new LineEars({ room, customer, recogniser: ears, observer: link, log });
    this.#line = new Line({ session, agent, profile, ears: this.#ears });
    const hands = steeredSession({ session, agent, line: this.#line, recording, onTakeOver });
    this.#desk = new OrderDesk(hands, (followed) => link.observe(followed));
    this.#whispers = new WhisperRoom({
      callId,
      livekit: config.livekit,
      recogniser: ears,
      observer: link,
      log,
    });
    tellRoomNews(room, customer, link);
    if (this.#latest !== null) this.tell(this.#latest);
  }

  /** The call is over: the last words are heard out, and the whisper room is left. */
  async close(): Promise<void> {
    await Promise.all([this.#ears?.close(), this.#whispers?.close()]);
  }
}
