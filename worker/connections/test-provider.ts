import type { ConnectionTest } from '../../protocol/api/connections.ts';
import type { Configured, Provider } from './provider.ts';

/** Longer than any healthy answer of theirs. */
const PATIENCE_MS = 5_000;

type Outcome = Pick<ConnectionTest, 'ok' | 'code' | 'detail'>;

/** Asks a provider its question. Its answer's body is neither read nor shown: it may hold what is not ours to show. */
export async function testProvider(provider: Provider, configured: Configured): Promise<Outcome> {
  let response: Response;
  try {
    response = await fetch(provider.question(configured), {
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    return error instanceof DOMException && error.name === 'TimeoutError'
      ? { ok: false, code: 'timedOut', detail: `No answer within ${PATIENCE_MS / 1000} seconds.` }
      : {
          ok: false,
          code: 'unreachable',
          detail: 'Could not be reached. Check the address in its settings.',
        };
  }
  await response.body?.cancel();
  if (response.ok || provider.alsoGood?.includes(response.status) === true)
    return { ok: true, code: 'ok', detail: 'Answers, and takes our key.' };
  if (response.status === 401 || response.status === 403) {
    return { ok: false, code: 'refused', detail: `Refuses our key (${response.status}). Set a new one.` };
  }
  return { ok: false, code: 'failed', detail: `Answers ${response.status}. Look at its status page.` };
}
