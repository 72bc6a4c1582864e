import type { PlantedBug } from './bug.ts';

const door = 'durable-objects/agent-door.ts';
const gallery = 'durable-objects/monitor-gallery.ts';

export const doorBugs: readonly PlantedBug[] = [
  {
    name: 'ended call welcomes',
    what: 'an agent that comes back after the end is told to go on',
    file: door,
    right: 'ended: hasEnded(call),',
    wrong: 'ended: false,',
  },
  {
    name: 'successor greets',
    what: 'a successor is told it is the first agent',
    file: door,
    right: 'successor: call.agents[0]?.session !== session,',
    wrong: 'successor: call.agents.at(-1)?.session !== session,',
  },
  {
    name: 'history withheld',
    what: 'a successor is told only what the customer said',
    file: door,
    right: 'history: call.transcript.map(',
    wrong: `history: call.transcript.filter((each) => each.speaker === 'customer').map(`,
  },
  {
    name: 'hello not kept',
    what: 'the session is not kept with the socket, so that nothing it reports is taken',
    file: door,
    right: '    this.#attach(socket, { ...attachment, session: hello.session });\n',
    wrong: '',
  },
  {
    name: 'monitor since off by one',
    what: 'a monitor misses the first event it has not seen',
    file: gallery,
    right: 'read(otherEpoch || ahead ? 0 : has)',
    wrong: 'read(otherEpoch || ahead ? 0 : has + 1)',
  },
  {
    name: 'epoch not compared',
    what: 'a monitor’s number is believed whichever ledger it belongs to',
    file: gallery,
    right: `const otherEpoch = has > 0 && asked.get('epoch') !== epoch;`,
    wrong: 'const otherEpoch = false as boolean;',
  },
  {
    name: 'ahead is not noticed',
    what: 'a monitor that is ahead of the ledger waits for ever',
    file: gallery,
    right: 'const ahead = has > call.head;',
    wrong: 'const ahead = false as boolean;',
  },
  {
    name: 'up to date is ahead',
    what: 'a monitor that has everything starts again from the beginning',
    file: gallery,
    right: 'const ahead = has > call.head;',
    wrong: 'const ahead = has >= call.head && has > 0;',
  },
  {
    name: 'finished words linger',
    what: 'words that are finished are still shown as being spoken',
    file: gallery,
    right: `      if (event.type === 'wordsSpoken') this.#interims.delete(event.utteranceId);\n`,
    wrong: '',
  },
  {
    name: 'stalled monitors stay',
    what: 'a monitor that stopped reading is never closed',
    file: gallery,
    right: 'if (nowMs - heardAtMs > STALLED_MS)',
    wrong: 'if (heardAtMs - nowMs > STALLED_MS)',
  },
];
