import { createVehicle } from '../../database/vehicles.ts';

const SIMULATED = 'Simulated: a vehicle of the lab, for demonstration.';

/** Vehicles of a development machine; the lab's customers ask for the first. They exist nowhere else. */
export const demoVehicles = [
  { vin: '1HGCM82633A004352', make: 'Honda', model: 'Accord', year: 2003, color: 'silver', price: 4_900 },
  { vin: '1M8GDM9AXKP042788', make: 'MCI', model: 'Coach', year: 1989, color: 'white', price: 18_500 },
].map((each) => ({ ...each, note: SIMULATED }));

/** Writes those that are missing. */
export async function seedDemoVehicles(database: D1Database): Promise<void> {
  for (const each of demoVehicles) await createVehicle(database, each, null, Date.now());
}
