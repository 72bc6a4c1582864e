import type { PlantedBug } from './bug.ts';
import { decideBugs } from './decide.ts';
import { diallingBugs } from './dialling.ts';
import { doorBugs } from './doors.ts';
import { effectBugs } from './effects.ts';
import { fleetBugs } from './fleet.ts';
import { objectBugs } from './objects.ts';
import { stateBugs } from './state.ts';
import { toldBugs } from './told.ts';

/** Every wrong version the simulation is measured by. */
export const plantedBugs: readonly PlantedBug[] = [
  ...decideBugs,
  ...stateBugs,
  ...effectBugs,
  ...objectBugs,
  ...doorBugs,
  ...diallingBugs,
  ...fleetBugs,
  ...toldBugs,
];
