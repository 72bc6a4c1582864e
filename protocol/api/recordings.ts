import * as z from 'zod/mini';
import { Uuid } from './common.ts';
import { contract } from './contract.ts';

const tag = 'Recordings';
const Params = z.strictObject({ callId: Uuid, recordingId: Uuid });

/** Peaks are so many a second. */
export const PEAKS_PER_SECOND = 10;

/** Which recordings there are, and how far each has come, stands in the call's ledger. */
export const getRecordingAudio = contract({
  method: 'GET',
  path: '/api/calls/:callId/recordings/:recordingId/audio',
  summary: 'The sound of a call: customer left, agents and people right. Answers byte ranges',
  tag,
  params: Params,
  /** `download`: as a file; logged. */
  query: z.strictObject({ download: z.optional(z.literal('1')) }),
  status: 200,
  replyType: 'audio/mpeg',
});

export const getRecordingPeaks = contract({
  method: 'GET',
  path: '/api/calls/:callId/recordings/:recordingId/peaks',
  summary: 'How loud each side was, for the waveform: 0 to 255, ten a second',
  tag,
  params: Params,
  status: 200,
  reply: z.object({
    perSecond: z.int(),
    customer: z.array(z.int()),
    agents: z.array(z.int()),
  }),
});
