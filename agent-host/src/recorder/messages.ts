/** What the host tells its recorder. */
export type RecorderOrder =
  | {
      readonly type: 'begin';
      readonly callId: string;
      readonly recordingId: string;
      readonly hostId: string;
      readonly url: string;
      /** Joins this call's room, unseen, and hears everyone. */
      readonly token: string;
      readonly paused: boolean;
    }
  | { readonly type: 'pause' | 'resume' | 'end'; readonly recordingId: string };

/** What the recorder tells the host. */
export type RecorderNews =
  | { readonly type: 'begun'; readonly recordingId: string; readonly startedAtMs: number }
  | { readonly type: 'paused' | 'resumed'; readonly recordingId: string }
  /** `callOver`: the room is closed, there is nothing more to record. */
  | { readonly type: 'ended'; readonly recordingId: string; readonly callOver: boolean }
  /** Never began, or could not go on; `reason` is for people. */
  | { readonly type: 'failed'; readonly recordingId: string; readonly reason: string };
