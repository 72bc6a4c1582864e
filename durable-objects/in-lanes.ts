/** Works on each, so many at once; what one throws ends all of it. */
export async function inLanes<Each>(
  each: readonly Each[],
  lanes: number,
  work: (one: Each) => Promise<void>,
): Promise<void> {
  const waiting = [...each];
  const lane = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, waiting.length) }, lane));
}
