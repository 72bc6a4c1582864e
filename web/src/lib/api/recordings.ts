import * as contracts from '../../../../protocol/api/recordings.ts';
import type { ReplyOf } from '../../../../protocol/api/contract.ts';
import { addressOf, type AskOptions } from '../../../../protocol/client/client.ts';
import { api } from './client.ts';

export type Peaks = ReplyOf<typeof contracts.getRecordingPeaks>;

export const getPeaks = (callId: string, recordingId: string, options?: AskOptions) =>
  api(contracts.getRecordingPeaks, { params: { callId, recordingId } }, options);

/** Where `<audio>` fetches the sound, piece by piece. */
export const audioAddress = (callId: string, recordingId: string): string =>
  addressOf(contracts.getRecordingAudio, { callId, recordingId });

/** The same as a file to keep; that it was taken is logged. */
export const downloadAddress = (callId: string, recordingId: string): string =>
  addressOf(contracts.getRecordingAudio, { callId, recordingId }, { download: '1' });
