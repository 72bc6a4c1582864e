import { blankCall, deleteCall } from '../../database/call-removal.ts';
import { ledgerKey, transcriptKey } from '../../durable-objects/archive.ts';
import type { Env } from '../../durable-objects/env.ts';
import { callRoomOf } from '../../durable-objects/env.ts';
import { forgetCopies } from '../../durable-objects/outside.ts';
import { forgetRecordings } from '../../durable-objects/recording-store.ts';

/**
 * Removes a call altogether: archive, copies, ledger, and its rows last, so that a removal that was cut off is found again.
 * @returns false for a call in progress, which stays
 */
export async function removeCall(env: Env, callId: string): Promise<boolean> {
  if (!(await callRoomOf(env, callId).remove())) return false;
  await Promise.all([deleteArchive(env, callId), forgetCopies(env, callId)]);
  await deleteCall(env.DB, callId);
  return true;
}

/** What is left of a call whose ledger is gone: the archive goes, the row stays and names nobody. */
export async function eraseWithoutLedger(env: Env, callId: string): Promise<void> {
  await Promise.all([deleteArchive(env, callId), forgetCopies(env, callId)]);
  await blankCall(env.DB, callId);
}

async function deleteArchive(env: Env, callId: string): Promise<void> {
  await env.ARCHIVE.delete([ledgerKey(callId), transcriptKey(callId)]);
  await forgetRecordings(env.ARCHIVE, callId);
}
