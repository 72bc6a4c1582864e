/** What is known of a vehicle. */
export interface Vehicle {
  /** 17 characters in upper case. */
  readonly vin: string;
  readonly make: string;
  readonly model: string;
  readonly year: number;
  readonly color: string | null;
  /** Whole US dollars. */
  readonly price: number | null;
  readonly note: string | null;
}

const same = (a: string | null, b: string | null): boolean =>
  (a ?? '').trim().toLowerCase() === (b ?? '').trim().toLowerCase();

/** Whether all that is wanted stands already: what is left open (null) contradicts nothing. */
export function agrees(stands: Vehicle, wanted: Vehicle): boolean {
  return (
    same(stands.make, wanted.make) &&
    same(stands.model, wanted.model) &&
    stands.year === wanted.year &&
    (wanted.color === null || same(stands.color, wanted.color)) &&
    (wanted.price === null || stands.price === wanted.price) &&
    (wanted.note === null || same(stands.note, wanted.note))
  );
}

/** "2003 Honda Accord". */
export const vehicleName = ({ year, make, model }: Pick<Vehicle, 'year' | 'make' | 'model'>): string =>
  `${year} ${make} ${model}`;
