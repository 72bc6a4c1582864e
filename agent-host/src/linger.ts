/** A job process that is still there this long after its call, ms, ends itself. */
export const LINGER_MS = 15_000;
