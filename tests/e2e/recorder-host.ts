/** An agent host's recorder without its agents: `fork`ed by recordings.e2e.ts, so that it can be killed like a host. */
import type { Config } from '../../agent-host/src/config.ts';
import { jsonLog } from '../../agent-host/src/log.ts';
import { Recorder } from '../../agent-host/src/recorder/recorder.ts';

export type HostOrder =
  | { readonly type: 'record'; readonly callId: string; readonly room: string }
  | { readonly type: 'pause'; readonly callId: string; readonly paused: boolean }
  | { readonly type: 'leave'; readonly callId: string };
export type HostWord =
  | { readonly type: 'ready' }
  | { readonly type: 'paused'; readonly ok: boolean }
  | { readonly type: 'recorder'; readonly pid: number | null };

export interface HostSettings {
  readonly hostId: string;
  readonly config: Pick<Config, 'livekit' | 'workerUrl' | 'agentHostKey' | 'spoolDir'>;
}

const { hostId, config } = JSON.parse(process.argv[2] ?? '{}') as HostSettings;
const recorder = new Recorder(config as Config, hostId, jsonLog({ hostId }));
const say = (word: HostWord): void => void process.send?.(word);

process.on('message', (order: HostOrder) => {
  switch (order.type) {
    case 'record':
      recorder.record(order.callId, order.room, false);
      return say({ type: 'recorder', pid: recorder.pid });
    case 'pause':
      return void recorder
        .pause(order.callId, order.paused)
        .then((outcome) => say({ type: 'paused', ok: outcome.ok }));
    case 'leave':
      return recorder.leave(order.callId, 0);
  }
});
await recorder.start();
say({ type: 'ready' });
