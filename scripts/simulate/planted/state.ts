import type { PlantedBug } from './bug.ts';

const apply = 'domain/call/apply.ts';
const deadlines = 'domain/call/deadlines.ts';

export const stateBugs: readonly PlantedBug[] = [
  {
    name: 'connections forgotten',
    what: 'a customer who joins again makes the call forget which connections are over',
    file: apply,
    right: 'connectionsGone: call.customer?.connectionsGone ?? [],',
    wrong: 'connectionsGone: [],',
  },
  {
    name: 'old connection takes the customer along',
    what: 'a late "left" of an earlier connection throws out the present one',
    file: apply,
    right: 'leftAtMs: seat.connection === left.connection ? left.atMs : seat.leftAtMs,',
    wrong: 'leftAtMs: left.atMs,',
  },
  {
    name: 'equal words change places',
    what: 'of two utterances begun in the same moment the later written comes first',
    file: apply,
    right: 'startedAtMs > words.startedAtMs) at--;',
    wrong: 'startedAtMs >= words.startedAtMs) at--;',
  },
  {
    name: 'lost host asked first',
    what: 'the host that has just lost the agent is asked for its successor like any other',
    file: apply,
    right: 'hostsTried: left === undefined ? [] : [left.hostId],',
    wrong: 'hostsTried: [],',
  },
  {
    name: 'missed offer forgotten',
    what: 'a host that did not open its offer is not asked last',
    file: apply,
    right: 'hostsTried: tried === undefined ? call.hostsTried : [...call.hostsTried, tried],',
    wrong: 'hostsTried: call.hostsTried,',
  },
  {
    name: 'answered by one side',
    what: 'a call counts as answered when either side is there',
    file: apply,
    right: 'presentAgent(call) !== null && customerPresent(call);',
    wrong: 'presentAgent(call) !== null || customerPresent(call);',
  },
  {
    name: 'offers counted over agents',
    what: 'offers made before an agent came count against its successor’s search',
    file: apply,
    right: `        openOffer: null,
        offersMade: 0,`,
    wrong: `        openOffer: null,`,
  },
  {
    name: 'usage overwritten',
    what: 'a report replaces what was used before instead of adding to it',
    file: 'domain/call/state.ts',
    right: 'ttsAudioMs: sum.ttsAudioMs + more.ttsAudioMs,',
    wrong: 'ttsAudioMs: more.ttsAudioMs,',
  },
  {
    name: 'stale never checked',
    what: 'a call without a sign of life goes on for ever',
    file: deadlines,
    right: `  add('stale', Math.max(liveness.lastSignAtMs, call.lastEventAtMs), STALE_MS);\n`,
    wrong: '',
  },
  {
    name: 'silence holds the seat',
    what: 'a call in which nobody says a word goes on until its time limit',
    file: deadlines,
    right: `  add('silence', silentSinceMs(call), SILENCE_MS);\n`,
    wrong: '',
  },
  {
    name: 'search runs during an offer',
    what: 'the search for a seat is given up while a host is being waited for',
    file: deadlines,
    right: 'return call.openOffer === null && awaited;',
    wrong: 'return awaited;',
  },
  {
    name: 'search nobody waits for',
    what: 'a call whose agent was lost before the customer came ends after 20 s in which no agent was sought',
    file: deadlines,
    right: 'customerPresent(call) || expectsCustomer(call) || call.agents.length === 0',
    wrong: 'call.searchingSinceMs !== null',
  },
  {
    name: 'search begun before the customer came',
    what: 'the time in which nobody waited counts against the search for a successor',
    file: apply,
    right: `            ? event.atMs
            : call.searchingSinceMs,`,
    wrong: `            ? call.searchingSinceMs
            : call.searchingSinceMs,`,
  },
  {
    name: 'offer open for too long',
    what: 'a host has twice its time to open an offer',
    file: deadlines,
    right: 'export const AGENT_ARRIVAL_MS = 12_000;',
    wrong: 'export const AGENT_ARRIVAL_MS = 24_000;',
  },
  {
    name: 'latest deadline first',
    what: 'deadlines are sorted the wrong way round',
    file: deadlines,
    right: 'due.sort((a, b) => a.atMs - b.atMs)',
    wrong: 'due.sort((a, b) => b.atMs - a.atMs)',
  },
  {
    name: 'board row of another age',
    what: 'the row’s age counts the words instead of the events, so that newer rows look old',
    file: 'domain/call/summary.ts',
    right: 'head: call.head,',
    wrong: 'head: call.transcript.length,',
  },
];
