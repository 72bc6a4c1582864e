/**
 * Histories that once showed a bug of ours. A seed belongs to the simulation as it was when it was kept: when the world
 * changes, the same number tells another history. What does not age is the planted bug beside it, our old code put back
 * (scripts/simulate/planted), which must still be noticed.
 */
export interface KeptSeed {
  readonly seed: number;
  /** What went wrong, and when. */
  readonly showed: string;
  /** The planted bug that is our old code. */
  readonly planted: string;
}

export const keptSeeds: readonly KeptSeed[] = [
  {
    seed: 92,
    showed:
      '2026-11-20: the closing socket of an agent that had been replaced made its successor count as lost, which was given up 4 s later in the middle of its call',
    planted: 'any socket counts',
  },
  {
    seed: 147,
    showed:
      '2026-11-20: an agent that had come back on a new socket was given up for the silence of its old, half-open one',
    planted: 'half-open socket counts',
  },
  {
    seed: 11,
    showed:
      '2026-11-20: an agent silent for 5 s was given up at once, without its 4 s to come back (DISPATCH-5)',
    planted: 'silence is the end',
  },
  {
    seed: 512,
    showed: '2026-11-20: no deadline was kept while the alarm’s handler waited for a service that was stuck',
    planted: 'deadlines wait for services',
  },
  {
    seed: 1,
    showed:
      '2026-11-20: while an effect was under way, or a dispatch waited for its room, the alarm rang again every millisecond',
    planted: 'alarm spins',
  },
  {
    seed: 11,
    showed:
      '2026-11-20: a call whose agent was lost before the customer came ended as noAgent after 20 s in which nobody was asked',
    planted: 'search nobody waits for',
  },
  {
    seed: 1_009_153,
    showed:
      '2026-11-20: a search that had waited asked with the hosts of its own time, and the host that had just lost the agent was asked first',
    planted: 'nobody asked last',
  },
  {
    seed: 2_100_662,
    showed:
      '2026-11-20: a customer’s time to return was over 6 s before anyone looked: the alarm’s handler first waited for the media server’s list, and a crash began it anew',
    planted: 'deadlines wait for the list',
  },
];
