import type { Steering } from '../../protocol/agent.ts';
import type { Log } from './log.ts';

export interface CallLinkOptions {
  /** The Worker's base URL, http(s). */
  readonly workerUrl: string;
  readonly callId: string;
  readonly doorToken: string;
  /** The participant identity this agent has in the room. */
  readonly identity: string;
  readonly log: Log;
  /** The call is over for this agent. Called once. */
  readonly onLeave: (reason: string) => void;
  /** What supervisors want, whole each time it changes and after each reconnect. */
  readonly onSteering?: (steering: Steering) => void;
  /** Random per job; survives reconnects. */
  readonly session?: string;
  /** How long measures wait for words to travel with; 10 s. */
  readonly measuresWaitMs?: number;
}
