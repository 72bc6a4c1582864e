/** Millionths of a US dollar as people write it: `$0.0123` below a dollar, `$12.34` above. */
export function formatMicros(micros: number): string {
  const dollars = micros / 1_000_000;
  const digits = dollars !== 0 && dollars < 1 ? 4 : 2;
  return new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(dollars);
}

/** What somebody typed, in dollars, as millionths; null where it is no amount. */
export function microsOf(text: string): number | null {
  const trimmed = text.trim();
  return /^\d{1,6}(\.\d{1,6})?$/.test(trimmed) ? Math.round(Number(trimmed) * 1_000_000) : null;
}

/** As it stands in a field. */
export const dollarsOf = (micros: number): string => String(micros / 1_000_000);
