/** Milliseconds of the machine's monotonic clock: the same in every process, so that they may be subtracted. */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `look` gives something else than null, asking every `everyMs`. @throws after `withinMs` */
export async function until<T>(
  what: string,
  look: () => Promise<T | null> | T | null,
  { withinMs = 20_000, everyMs = 5 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
  const deadlineMs = machineMs() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (machineMs() > deadlineMs) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await pause(everyMs);
  }
}
