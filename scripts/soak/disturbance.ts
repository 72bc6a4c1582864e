/** What the adversary does. `link…` ones touch the wire between agent hosts and Worker only. */
export const DISTURBANCES = [
  'jobKilled',
  'hostKilled',
  'machineGone',
  'workerRestarted',
  'mediaServerCrashed',
  'linkCut',
  'linkStalled',
] as const;

export type DisturbanceKind = (typeof DISTURBANCES)[number];

export interface Disturbance {
  readonly kind: DisturbanceKind;
  /** When it struck, epoch ms on this machine's clock, which every process of the soak shares. */
  readonly atMs: number;
  /** When the last of it was over: the Worker answered again, the frozen machine was killed… */
  readonly untilMs: number;
  /** The host that was hit; null where it hit all. */
  readonly hostId: string | null;
  /** The call whose job was killed; null where it is not about one call, or the job had none. */
  readonly callId: string | null;
}

/** Kinds after which the agents that were hit are dead, rather than cut off for a while. */
export const deadly: ReadonlySet<DisturbanceKind> = new Set(['jobKilled', 'hostKilled', 'machineGone']);
