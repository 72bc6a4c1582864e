import type { Lead } from '../../domain/lead/lead.ts';
import { MASK } from '../../domain/privacy/mask.ts';
import type { Sight } from '../../domain/privacy/sight.ts';
import { nameInSight, numberInSight } from '../../domain/privacy/sight.ts';

/** A lead as its reader may see it (PRIVACY-1): other columns of a file may hold anything, so that they are masked whole. */
export function leadInSight(lead: Lead, sight: Sight): Lead {
  if (sight === 'clear') return lead;
  const { phone, name, email, postalCode, fields, consent } = lead;
  return {
    ...lead,
    phone: numberInSight(phone, sight),
    name: nameInSight(name, sight),
    email: email === null ? null : MASK,
    postalCode: postalCode === null ? null : MASK,
    fields: Object.fromEntries(Object.keys(fields).map((key) => [key, MASK])),
    consent: consent === null ? null : MASK,
  };
}
