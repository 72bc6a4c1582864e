/** The process of one rehearsal: forked by the host, holds one conversation in words, ends. */
import { initializeLogger } from '@livekit/agents';
import { randomUUID } from 'node:crypto';
import { decodeMessage } from '../../../protocol/codec.ts';
import { RehearsalOfferSchema } from '../../../protocol/scenario.ts';
import { CallLink } from '../call-link.ts';
import { readConfig } from '../config.ts';
import { jsonLog, keepPersonalDataOutOfStdout } from '../log.ts';
import { callModels } from '../models/call-models.ts';
import { newVad } from '../session.ts';
import { toolDoor } from '../tools/tool-door.ts';
import { holdRehearsal } from './hold.ts';

/** What is still owed to the ledger may hold up the end this long. */
const FLUSH_MS = 5_000;

keepPersonalDataOutOfStdout();
initializeLogger({ pretty: false, level: 'warn' });

process.once('disconnect', () => process.exit(1));
process.once('message', (message) => {
  void serve(String(message)).then(
    () => process.exit(0),
    () => process.exit(1),
  );
});

async function serve(offered: string): Promise<void> {
  const config = readConfig(process.env);
  const offer = decodeMessage(RehearsalOfferSchema, offered);
  if (!config.ok || !offer.ok) return;
  const { callId, doorToken } = offer.message;
  const log = jsonLog({ callId, rehearsal: true });
  const link = new CallLink({
    workerUrl: config.config.workerUrl,
    callId,
    doorToken,
    identity: `agent-${randomUUID()}`,
    log,
    onLeave: () => undefined,
  });
  const opened = await link.open();
  if (!opened.ok) {
    log.info('left without a word', { code: opened.code });
    return;
  }
  const { welcome } = opened;
  const models = await callModels({
    profile: welcome.profile,
    language: welcome.profile.language,
    config: config.config,
    vad: newVad(),
    log,
    onReplaced: (replaced) => link.observe(replaced),
  });
  const door = toolDoor({ workerUrl: config.config.workerUrl, callId, doorToken, log });
  const lines = welcome.rehearsal?.lines ?? [];
  const ended = await holdRehearsal({ welcome, lines, mind: models.thinking, door, observer: link });
  log.info('over', { by: ended.by });
  link.observe(ended);
  await link.flush(FLUSH_MS);
  link.close();
}
