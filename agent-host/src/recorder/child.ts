/** The recorder's process: forked by the host, records every call of it. Needs no secret: each order brings its token. */
process.env.NODE_ENV ??= 'production';
import { errorName, jsonLog, keepPersonalDataOutOfStdout } from '../log.ts';
import type { RecorderNews, RecorderOrder } from './messages.ts';
import { RecordedRoom } from './recorded-room.ts';
import { Spool } from './spool.ts';

keepPersonalDataOutOfStdout();
const log = jsonLog({ process: 'recorder' });
const [, , dir = ''] = process.argv;
const spool = new Spool(dir);
const rooms = new Map<string, Promise<RecordedRoom | null>>();

const tell = (news: RecorderNews): void => {
  if (news.type === 'ended') rooms.delete(news.recordingId);
  if (process.connected) process.send?.(news);
};

async function begin(order: Extract<RecorderOrder, { type: 'begin' }>): Promise<RecordedRoom | null> {
  try {
    await spool.prepare();
    return await RecordedRoom.begin(order, spool, tell);
  } catch (error) {
    rooms.delete(order.recordingId);
    log.warn('a recording could not begin', { callId: order.callId, name: errorName(error) });
    tell({
      type: 'failed',
      recordingId: order.recordingId,
      reason: 'the recorder could not join the call or write its file',
    });
    return null;
  }
}

process.on('message', (order: RecorderOrder) => {
  if (order.type === 'begin') {
    rooms.set(order.recordingId, begin(order));
    return;
  }
  void rooms.get(order.recordingId)?.then((room) => {
    if (order.type === 'pause') room?.pause();
    if (order.type === 'resume') room?.resume();
    if (order.type === 'end') return room?.end();
  });
});

// The host is gone: what was recorded is finished and waits in the spool for the next one.
process.on('disconnect', () => {
  void Promise.all([...rooms.values()].map(async (room) => (await room)?.end())).finally(() =>
    process.exit(0),
  );
});
// The host decides when: a terminal's Ctrl-C reaches every process of its group.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
