import type { PlantedBug } from './bug.ts';

const journal = 'durable-objects/journal.ts';
const live = 'durable-objects/live-call.ts';
const links = 'durable-objects/link-watch.ts';

export const objectBugs: readonly PlantedBug[] = [
  {
    name: 'one event too many',
    what: 'a reader gets the event it already has once more',
    file: journal,
    right: 'WHERE seq > ? ORDER BY seq',
    wrong: 'WHERE seq >= ? ORDER BY seq',
  },
  {
    name: 'same id, any content',
    what: 'an observation id used for something else is taken for a repetition',
    file: journal,
    right: `return row.fingerprint === fingerprint ? 'same' : 'other';`,
    wrong: `return 'same';`,
  },
  {
    name: 'observations not remembered',
    what: 'an observation that comes twice is written twice',
    file: live,
    right: '      if (observed) this.#journal.remember(observed.id, observed.fingerprint);\n',
    wrong: '',
  },
  {
    name: 'remembered before written',
    what: 'an observation counts as known although the transaction that writes it fails: acknowledged and lost',
    file: live,
    right: `    const taken = this.take({ type: 'observe', session, observation }, { id, fingerprint: print });`,
    wrong: `    this.#journal.remember(id, print);
    const taken = this.take({ type: 'observe', session, observation });`,
  },
  {
    name: 'refusal acknowledged',
    what: 'an observation is acknowledged whether or not it was taken',
    file: live,
    right: `return taken.ok ? { type: 'ack', id } : { type: 'refused', id, ...taken.refusal };`,
    wrong: `return { type: 'ack', id };`,
  },
  {
    name: 'alarm not set again',
    what: 'after an alarm nobody sets the next one',
    file: live,
    right: `is stuck.
    this.#around.background(this.#courier.deliverDue());
    this.#setAlarm();`,
    wrong: `is stuck.
    this.#around.background(this.#courier.deliverDue());`,
  },
  {
    name: 'deadlines wait for services',
    what: 'the alarm’s handler waits until everything due is delivered, and no other alarm rings meanwhile',
    file: live,
    right: `is stuck.
    this.#around.background(this.#courier.deliverDue());`,
    wrong: `is stuck.
    await this.#courier.deliverDue();`,
    fromSeed: 501,
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
    file: live,
    right: 'if (media === null ||',
    wrong: 'if (media !== null ||',
  },
  {
    name: 'agents not told of the end',
    what: 'an agent learns of the end only when the room closes under it',
    file: live,
    right: `if (event.type === 'callEnded') this.#agentDoor.dismiss(event.reason);`,
    wrong: `if (event.type === 'hangUpRequested') this.#agentDoor.dismiss('hung up');`,
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
    right: 'newestPingAtMs = Math.max(newestPingAtMs ?? 0, pingedAtMs);',
    wrong: 'newestPingAtMs = Math.min(newestPingAtMs ?? pingedAtMs, pingedAtMs);',
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
    right: 'const CHECK_EVERY_MS = 3_000;',
    wrong: 'const CHECK_EVERY_MS = 60_000;',
  },
];
