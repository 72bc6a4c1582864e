/** `--name value` and `--name` on a command line. */
export interface Arguments {
  has(flag: string): boolean;
  text(flag: string): string;
  number(flag: string, otherwise: number): number;
}

export function argumentsOf(given: readonly string[]): Arguments {
  const text = (flag: string): string => (given.includes(flag) ? (given[given.indexOf(flag) + 1] ?? '') : '');
  return {
    has: (flag) => given.includes(flag),
    text,
    number: (flag, otherwise) =>
      text(flag) === '' || Number.isNaN(Number(text(flag))) ? otherwise : Number(text(flag)),
  };
}
