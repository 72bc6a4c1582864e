/** `--name value` and `--name` on a command line. */
export interface Arguments {
  has(flag: string): boolean;
  text(flag: string): string;
  number(flag: string, otherwise: number): number;
  /** Above zero, or `otherwise`. */
  positive(flag: string, otherwise: number): number;
  /** Above zero and whole, or `otherwise`. */
  count(flag: string, otherwise: number): number;
}

export function argumentsOf(given: readonly string[]): Arguments {
  const text = (flag: string): string => (given.includes(flag) ? (given[given.indexOf(flag) + 1] ?? '') : '');
  const number = (flag: string, otherwise: number): number =>
    text(flag) === '' || Number.isNaN(Number(text(flag))) ? otherwise : Number(text(flag));
  return {
    has: (flag) => given.includes(flag),
    text,
    number,
    positive: (flag, otherwise) => {
      const value = number(flag, otherwise);
      return Number.isFinite(value) && value > 0 ? value : otherwise;
    },
    count: (flag, otherwise) => {
      const value = number(flag, otherwise);
      return Number.isSafeInteger(value) && value > 0 ? value : otherwise;
    },
  };
}
