const folder = (callId: string): string => `recordings/${callId}/`;

/** The sound: customer left, agents and people right. */
export const audioKey = (callId: string, recordingId: string): string =>
  `${folder(callId)}${recordingId}.mp3`;
/** The recording whose sound is under this key; null: none of the call's. */
export function recordingOfKey(key: string, callId: string): string | null {
  const [, recordingId] = /\/([0-9a-f-]{36})\.mp3$/.exec(key) ?? [];
  return recordingId !== undefined && key === audioKey(callId, recordingId) ? recordingId : null;
}
/** How loud each side was; stored before the sound, so that what has sound has them. */
export const peaksKey = (callId: string, recordingId: string): string =>
  `${folder(callId)}${recordingId}.peaks.json`;

/** Removes whatever is stored of a call's sound, also what no ledger knows of. Safe to repeat. */
export async function forgetRecordings(bucket: R2Bucket, callId: string): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await bucket.list({
      prefix: folder(callId),
      ...(cursor === undefined ? {} : { cursor }),
    });
    const keys = page.objects.map(({ key }) => key);
    if (keys.length > 0) await bucket.delete(keys);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}
