import type { PlantedBug } from './bug.ts';

const journal = 'durable-objects/journal.ts';
const draft = 'durable-objects/draft.ts';
const intake = 'durable-objects/intake.ts';
const live = 'durable-objects/live-call.ts';
const links = 'durable-objects/link-watch.ts';

export const objectBugs: readonly PlantedBug[] = [
  {
    name: 'one event too many',
    what: 'a reader gets the event it already has once more',
    file: journal,
    right: '.filter((event) => event.seq > since)',
    wrong: '.filter((event) => event.seq > since - 1)',
  },
  {
    name: 'same id, any content',
    what: 'an observation id used for something else is taken for a repetition',
    file: journal,
    right: `return known === fingerprint ? 'same' : 'other';`,
    wrong: `return 'same';`,
  },
  {
    name: 'observations not remembered',
    what: 'an observation that comes twice is written twice',
    file: live,
    right: '    draft.observed.set(id, print);\n',
    wrong: '',
  },
  {
    name: 'remembered before written',
    what: 'an observation counts as known although the transaction that writes it fails: acknowledged and lost',
    file: live,
    right: '    draft.observed.set(id, print);\n',
    wrong: `    draft.observed.set(id, print);
    this.#journal.append(0, 0, [], new Map([[id, print]]));
`,
  },
  {
    name: 'forgotten when woken',
    what: 'after waking up, an observation that came before is taken for a new one',
    file: journal,
    right: 'FROM ledger, json_each(ledger.observed)',
    wrong: 'FROM ledger, json_each(ledger.observed) WHERE false',
  },
  {
    name: 'without event, without memory',
    what: 'an observation that made no event is decided again when it is repeated',
    file: journal,
    right: 'if (facts.length > 0) {',
    wrong: 'if (facts.length >= 0) {\n      if (facts.length === 0) return;',
  },
  {
    name: 'a row’s first events skipped',
    what: 'a reader that has part of a row gets none of the rest',
    file: journal,
    right: 'WHERE seq > ? ORDER BY seq LIMIT ?',
    wrong: 'WHERE seq - json_array_length(facts) >= ? ORDER BY seq LIMIT ?',
  },
  {
    name: 'decided side by side',
    what: 'what comes in one message is decided as if the rest of it had not been said',
    file: draft,
    right: 'decide(this.#call, input, this.nowMs)',
    wrong: 'decide(((this as any).before ??= this.#call), input, this.nowMs)',
  },
  {
    name: 'answers mixed up',
    what: 'observations that were written together get each other’s answers',
    file: intake,
    right: '(answered += observations.length)',
    wrong: 'answered + observations.length',
  },
  {
    name: 'those that waited forgotten',
    what: 'observations that came during a write are never written',
    file: intake,
    right: '    if (this.#waiting.length > 0) this.#writeWaiting();\n',
    wrong: '    this.#waiting = [];\n',
  },
  {
    name: 'acknowledged while waiting',
    what: 'observations that wait for a write are acknowledged at once, and lost in a crash',
    file: intake,
    right: '    if (!this.#writing) this.#writeWaiting();\n',
    wrong: `    if (!this.#writing) this.#writeWaiting();
    else reporter.answer(observations.map(({ id }) => ({ type: 'ack', id }) as unknown as Answer));
`,
  },
  {
    name: 'refusal acknowledged',
    what: 'an observation is acknowledged whether or not it was taken',
    file: live,
    right: `if (!decision.ok) return { type: 'refused', id, ...decision.refusal };`,
    wrong: `if (!decision.ok) return { type: 'ack', id };`,
  },
  {
    name: 'alarm not set again',
    what: 'after an alarm nobody sets the next one',
    file: live,
    right: `    this.#around.background(this.#courier.deliverDue());
    this.#setAlarm();
  }

  #tell(`,
    wrong: `    this.#around.background(this.#courier.deliverDue());
  }

  #tell(`,
  },
  {
    name: 'deadlines wait for services',
    what: 'no deadline is looked at while an effect waits for its answer',
    file: live,
    right: '    let head = -1;\n',
    wrong: `    if (this.#outbox.pending().length > 0) return this.#around.background(this.#courier.deliverDue());
    let head = -1;\n`,
  },
  {
    name: 'deadlines wait for the list',
    what: 'no deadline is looked at while the media server is asked who is there',
    file: live,
    right: '    let head = -1;\n',
    wrong: '    if (this.#room.isAsking) return;\n    let head = -1;\n',
  },
  {
    name: 'outbox sets no alarm',
    what: 'a failed effect is tried again only when something else wakes the object',
    file: live,
    right: `      this.#courier.nextDueAtMs() ?? Number.POSITIVE_INFINITY,\n`,
    wrong: '',
  },
  {
    name: 'alarm later than due',
    what: 'an alarm that is set is only ever moved later',
    file: live,
    right: 'this.#alarmAtMs <= dueAtMs && this.#alarmAtMs > this.#around.nowMs()',
    wrong: 'this.#alarmAtMs >= dueAtMs && this.#alarmAtMs > this.#around.nowMs()',
  },
  {
    name: 'one deadline a ring',
    what: 'no alarm is set for deadlines at all, only for what else is due',
    file: live,
    right: `    const dueAtMs = Math.min(
      this.#nextDeadlineMs(),`,
    wrong: `    const dueAtMs = Math.min(`,
  },
  {
    name: 'never compared',
    what: 'the media server’s list is not asked for',
    file: 'durable-objects/room-watch.ts',
    right: 'if (this.#media === null ||',
    wrong: 'if (this.#media !== null ||',
  },
  {
    name: 'agents not told of the end',
    what: 'an agent learns of the end only when the room closes under it',
    file: 'durable-objects/agent-door.ts',
    right: `if (end !== undefined) this.#sendAll({ type: 'leave', reason: end.reason });`,
    wrong: `if (end !== undefined && events.length < 0) this.#sendAll({ type: 'leave', reason: end.reason });`,
  },
  {
    name: 'any socket counts',
    what: 'the socket of an agent that was given up takes the present agent’s link along',
    file: links,
    right: 'if (session === null || session !== presentAgent(call)?.session) return;',
    wrong: 'if (session === null) return;',
  },
  {
    name: 'half-open socket counts',
    what: 'an agent that came back is given up for the silence of its old socket',
    file: links,
    right: 'Math.max(...pings)',
    wrong: 'Math.min(...pings)',
  },
  {
    name: 'silence is the end',
    what: 'an agent that fell silent has no time to come back',
    file: links,
    right: 'this.#lose(newestPingAtMs + PING_SILENCE_MS);',
    wrong: 'this.#lose(newestPingAtMs);',
  },
  {
    name: 'ping silence ignored',
    what: 'a machine that vanished is never noticed',
    file: links,
    right: 'if (newestPingAtMs === null || nowMs - newestPingAtMs <= PING_SILENCE_MS) return;',
    wrong: 'if (newestPingAtMs !== null) return;',
  },
  {
    name: 'returning agent given up',
    what: 'a link that stands again still counts as lost',
    file: links,
    right: '    this.#setLost(null);\n',
    wrong: '',
  },
  {
    name: 'crash not noticed',
    what: 'after a crash an agent without a socket counts as linked',
    file: links,
    right:
      '    if (this.#lostAtMs === null && this.#agentSockets().length === 0) this.#lostAtMs = around.nowMs();\n',
    wrong: '',
  },
  {
    name: 'pings seldom looked at',
    what: 'pings are looked at once a minute',
    file: links,
    right: 'POSITIVE_INFINITY : pingedAtMs + GIVEN_UP_MS;',
    wrong: 'POSITIVE_INFINITY : pingedAtMs + 60_000;',
  },
];
