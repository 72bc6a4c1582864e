import type { PlantedBug } from './bug.ts';

const occurrence = 'domain/call/occurrence.ts';

export const toldBugs: readonly PlantedBug[] = [
  {
    name: 'end told to nobody',
    what: 'webhooks and people never hear that a call ended',
    file: occurrence,
    right: `    case 'callEnded':
      return 'callEnded';
`,
    wrong: '',
  },
  {
    name: 'answered each time',
    what: 'every agent that comes back makes the call answered once more',
    file: occurrence,
    right: `before?.answeredAtMs === null && after.answeredAtMs !== null`,
    wrong: `after.answeredAtMs !== null`,
  },
  {
    name: 'told without a number',
    what: 'the id of what is told names the call and the kind only: a later one passes for a repeat',
    file: occurrence,
    right: 'occurrence(after, kind, String(event.seq), event.atMs)',
    wrong: 'occurrence(after, kind, kind, event.atMs)',
  },
  {
    name: 'told of the state before',
    what: 'what is told lacks what the event changed',
    file: occurrence,
    right: 'occurrence(after, kind, String(event.seq), event.atMs)',
    wrong: 'occurrence(before ?? after, kind, String(event.seq), event.atMs)',
  },
  {
    name: 'telling fails in silence',
    what: 'whoever could not be told at the first try never is',
    file: 'durable-objects/deliver-effect.ts',
    right: 'await outside.notify(effect.occurrence);',
    wrong: 'await outside.notify(effect.occurrence).catch(() => undefined);',
  },
  {
    name: 'given up in silence',
    what: 'nobody is told that a call gave up work it owes',
    file: 'durable-objects/courier.ts',
    right: `      if (state === 'parked') this.#tellOfParked(pending);\n`,
    wrong: '',
  },
];
