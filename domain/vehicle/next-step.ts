import type { ReadBackPart, Turn } from './confirmation.ts';
import { wasReadBack } from './confirmation.ts';
import { vinHeard } from './heard-vin.ts';
import type { Vehicle } from './vehicle.ts';
import type { Vin, VinProblem } from './vin.ts';

/** What must come next before a tool on vehicles may be used: code sees to it, whatever a model was talked into (TOOL-3). */
export type NextStep =
  | {
      readonly step: 'askAgain';
      readonly problem: VinProblem;
      /** How many were understood. */ readonly characters: number;
    }
  | { readonly step: 'readBack'; readonly vin: Vin }
  | { readonly step: 'go'; readonly vin: Vin };

interface Claim {
  /** The VIN as it was said. */
  readonly vin: string;
  /** The model says that the customer confirmed what was read back. */
  readonly confirmed: boolean;
}

/**
 * @param turns what was said so far, in order
 * @param known VINs that were confirmed earlier in this conversation
 */
export function stepToLookUp(claim: Claim, turns: readonly Turn[], known: ReadonlySet<string>): NextStep {
  const heard = vinHeard(claim.vin);
  if (!heard.ok) return { step: 'askAgain', problem: heard.problem, characters: heard.characters };
  const { vin } = heard;
  if (known.has(vin.vin)) return { step: 'go', vin };
  const answered = claim.confirmed && wasReadBack(turns, [{ kind: 'code', code: vin.vin }]);
  return { step: answered ? 'go' : 'readBack', vin };
}

/** As to look up; make, model and year as well. */
export function stepToCreate(
  claim: Claim & Pick<Vehicle, 'make' | 'model' | 'year'>,
  turns: readonly Turn[],
  known: ReadonlySet<string>,
): NextStep {
  const heard = vinHeard(claim.vin);
  if (!heard.ok) return { step: 'askAgain', problem: heard.problem, characters: heard.characters };
  const { vin } = heard;
  const parts: ReadBackPart[] = [
    ...(known.has(vin.vin) ? [] : [{ kind: 'code', code: vin.vin } as const]),
    { kind: 'name', name: claim.make },
    { kind: 'name', name: claim.model },
    { kind: 'year', year: claim.year },
  ];
  return { step: claim.confirmed && wasReadBack(turns, parts) ? 'go' : 'readBack', vin };
}
