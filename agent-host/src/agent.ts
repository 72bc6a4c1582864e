/** A job's process: forked warm by the host, serves one call, ends. */
import type { JobContext, JobProcess, VAD } from '@livekit/agents';
import { defineAgent } from '@livekit/agents';
import { JobMetadataSchema } from '../../protocol/agent.ts';
import { decodeMessage } from '../../protocol/codec.ts';
import { readConfig } from './config.ts';
import { jsonLog, keepPersonalDataOutOfStdout } from './log.ts';
import { ServedCall } from './served-call.ts';
import { newVad } from './session.ts';
// What nearly every call speaks with: loaded while the process waits, not while a customer does.
import './models/openai.ts';
import './models/lab.ts';

interface Prewarmed {
  vad?: VAD;
}

keepPersonalDataOutOfStdout();

export default defineAgent<Prewarmed>({
  prewarm: (process: JobProcess<Prewarmed>) => {
    process.userData.vad = newVad();
  },
  entry: async (ctx: JobContext<Prewarmed>) => {
    const config = readConfig(process.env);
    const metadata = decodeMessage(JobMetadataSchema, ctx.job.metadata);
    if (!config.ok || !metadata.ok) {
      jsonLog({ job: ctx.job.id }).warn('job refused', {
        detail: metadata.ok ? 'configuration' : metadata.detail,
      });
      ctx.shutdown('job refused');
      return;
    }
    const { callId, offer } = metadata.message;
    const log = jsonLog({ callId, offer });
    const { identity } = ctx.info.acceptArguments;
    const vad = ctx.proc.userData.vad ?? newVad();
    await new ServedCall({
      ctx: ctx as JobContext,
      metadata: metadata.message,
      identity,
      config: config.config,
      vad,
      log,
    }).serve();
  },
});
