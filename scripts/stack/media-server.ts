import type { findLiveKit } from '../livekit/find.ts';
import { startLiveKit } from '../livekit/server.ts';
import { freePort, freeUdpPort } from './ports.ts';

export interface StackMediaServer {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /**
   * As a crash: SIGKILL, `downMs` of nothing, then the same ports, keys and settings again. Resolves when it answers.
   * Null for one that runs elsewhere and is not ours to end.
   */
  readonly crash: ((downMs: number) => Promise<void>) | null;
}

/** Starts what was found; null when nothing was. */
export async function bringUpLiveKit(
  found: Awaited<ReturnType<typeof findLiveKit>>,
  options: {
    readonly workerUrl: string;
    readonly apiSecret: string;
    readonly logFile: (n: string) => string;
  },
  stops: (() => Promise<void>)[],
): Promise<StackMediaServer | null> {
  if (found.kind === 'none') return null;
  if (found.kind === 'external') return { ...found, crash: null };
  const settings = {
    resolved: found,
    port: await freePort(7880),
    rtcTcpPort: await freePort(7881),
    udpPort: await freeUdpPort(7882),
    webhookUrl: `${options.workerUrl}/livekit/webhook`,
    apiKey: 'devkey',
    apiSecret: options.apiSecret,
  };
  let starts = 1;
  let stopped = false;
  let running = await startLiveKit({ ...settings, logFile: options.logFile('livekit') });
  stops.push(() => {
    stopped = true;
    return running.stop();
  });
  return {
    url: running.url,
    apiKey: settings.apiKey,
    apiSecret: settings.apiSecret,
    async crash(downMs) {
      await running.kill();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      if (stopped) return;
      // A log of its own: a start begins its file anew, and the crash is what one wants to read about.
      running = await startLiveKit({ ...settings, logFile: options.logFile(`livekit-${++starts}`) });
    },
  };
}
