import { httpToolsOf } from '../database/http-tools.ts';
import { pricesOfRun } from '../database/prices.ts';
import type { CallRequested } from '../domain/call/fact.ts';
import type { RecordingPolicy } from '../domain/call/recording.ts';
import { briefingOfTool } from '../domain/profile/http-tool.ts';
import type { PublishedProfile } from '../domain/profile/profile.ts';
import { runOf } from '../domain/profile/run.ts';
import { recorderIn } from './egress.ts';
import type { Env } from './env.ts';
import { callRoomOf } from './env.ts';

/** What is known of a call before it takes over what its profile says. */
export type Unprofiled = Omit<
  CallRequested,
  'type' | 'profile' | 'profileVersion' | 'limits' | 'prices' | 'recording' | 'recorder'
>;

/**
 * Writes a call's first entry: with what its profile, its prices and its deployment are now, which it keeps whatever becomes of
 * them. `recording`: less than the profile's, where that is wanted. The same call again changes nothing.
 * @throws Error when it is refused: then its id is another call's
 */
export async function beginCall(
  env: Env,
  request: Unprofiled,
  published: PublishedProfile,
  recording?: RecordingPolicy,
): Promise<Omit<CallRequested, 'type'>> {
  const { profile } = published;
  const [prices, httpTools] = await Promise.all([
    pricesOfRun(env.DB, profile),
    httpToolsOf(env.DB, profile.httpTools),
  ]);
  const asked = { ...request, ...runOf(published, { recording, ...prices }), ...recorderIn(env) };
  const taken = await callRoomOf(env, request.callId).request(asked, profile, httpTools.map(briefingOfTool));
  if (!taken.ok) throw new Error(`a new call was refused: ${taken.refusal.code}`);
  return asked;
}
