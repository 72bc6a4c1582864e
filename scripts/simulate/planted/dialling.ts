import type { PlantedBug } from './bug.ts';

const dialling = 'domain/call/dialling.ts';
const decide = 'domain/call/decide.ts';
const effects = 'domain/call/effects.ts';
const placeDial = 'durable-objects/place-dial.ts';
const courier = 'durable-objects/courier.ts';

export const diallingBugs: readonly PlantedBug[] = [
  {
    name: 'rung without an agent',
    what: 'the customer is rung although the agent was lost meanwhile',
    file: dialling,
    right: 'isToBeRung(call) && presentAgent(call) !== null',
    wrong: 'isToBeRung(call)',
  },
  {
    name: 'agent lost before the ringing',
    what: 'a call that lost its agent before it rang hangs until it is stale',
    file: dialling,
    right: 'isRinging(call) || isToBeRung(call)',
    wrong: 'isRinging(call)',
  },
  {
    name: 'rung again after a crash',
    what: 'whoever finds a dial begun asks the carrier once more',
    file: placeDial,
    right: 'again ? await outside.telephony.find(call()) : await outside.telephony.place(call())',
    wrong: 'await outside.telephony.place(call())',
  },
  {
    name: 'rung before it is written',
    what: 'the carrier is asked first, and what it says is written then',
    file: placeDial,
    right: `if (!report({ type: 'startDial' })) return done;`,
    wrong: '',
  },
  {
    name: 'rings on after the end',
    what: 'a call that ended leaves the telephone ringing',
    file: effects,
    right: `          : [{ type: 'hangUpDial' } as const]),`,
    wrong: '          : []),',
  },
  {
    name: 'late answer rings on',
    what: 'a call that ended while the carrier was asked leaves the telephone ringing',
    file: placeDial,
    right: `call().end !== null && placed.kind === 'placed'`,
    wrong: `call().end !== null && placed.kind === 'lost'`,
    fromSeed: 5_480,
  },
  {
    name: 'late failure ends a conversation',
    what: 'a carrier that says "no answer" late ends the call of a customer who is there',
    file: dialling,
    right: `if (!isRinging(call)) return [];`,
    wrong: '',
  },
  {
    name: 'slot before the list',
    what: 'the slot is freed while the number is not yet on the do-not-call list',
    file: courier,
    right: `if (each.effect.type === 'settleDial') return this.#outbox.owes(suppressing);`,
    wrong: '',
  },
  {
    name: 'late wish forgotten',
    what: 'a do-not-call heard of after the end is not written',
    file: decide,
    right: 'return accept(call.doNotCall === true ? [] : [observation]);',
    wrong: 'return accept(call.doNotCall === true || overAtMs !== null ? [] : [observation]);',
  },
  {
    name: 'late wish not copied',
    what: 'a wish heard of after the end does not reach D1',
    file: effects,
    right: `        ...(isAboutLead(after) ? [{ type: 'settleDial' } as const] : []),
        { type: 'project' },
        { type: 'archive' },`,
    wrong: `        ...(isAboutLead(after) ? [{ type: 'settleDial' } as const] : []),
        { type: 'archive' },`,
  },
  {
    name: 'a machine is a conversation',
    what: 'a call that a machine took is completed',
    file: decide,
    right: 'outcome: outcomeOf(call, outcome)',
    wrong: 'outcome',
  },
];
