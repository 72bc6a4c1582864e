/** A small wrong version of our own code that the simulation must notice. */
export interface PlantedBug {
  readonly name: string;
  /** What a hurried author might have done. */
  readonly what: string;
  /** From the repository's root. */
  readonly file: string;
  /** Must occur exactly once in the file. */
  readonly right: string;
  readonly wrong: string;
  /**
   * Where the search for a history that shows it begins: bugs that need a rare coincidence start shortly before a seed
   * known to have it, so that the whole set runs in minutes. Any change of the simulation moves these; 1 always works,
   * only longer.
   */
  readonly fromSeed?: number;
}
