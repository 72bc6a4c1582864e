import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import {
  AgentDownSchema,
  AgentUpSchema,
  JobMetadataSchema,
  ObservationBatchSchema,
} from '../../protocol/agent.ts';
import { BoardDownSchema } from '../../protocol/board.ts';
import { HeartbeatReplySchema, HeartbeatSchema } from '../../protocol/fleet.ts';
import { CallEventSchema } from '../../protocol/ledger.ts';
import { MonitorDownSchema } from '../../protocol/monitor.ts';
import { NoticesDownSchema } from '../../protocol/notices.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';

/** Every message that two separately deployed sides exchange, and ledger entries, which outlive every deploy. */
const messages = {
  AgentUpSchema,
  AgentDownSchema,
  ObservationBatchSchema,
  JobMetadataSchema,
  MonitorDownSchema,
  BoardDownSchema,
  NoticesDownSchema,
  HeartbeatSchema,
  HeartbeatReplySchema,
  CallEventSchema,
};

/**
 * Changed a message? Decide: would an older side misread it? Then raise PROTOCOL_VERSION. Either way put the new hash
 * here. Ledger entries must stay readable for ever: add fields as optional, never rename or remove one.
 */
// Version 4: what agents find out and how their models fare joined the ledger; a welcome brings the whole profile.
const DECIDED = { version: 4, hash: '79ade801a02afbc2' };

test('LEDGER-9 a changed message forces a decision about the protocol version', () => {
  const text = Object.entries(messages)
    .map(([name, schema]) => `${name} ${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }))}`)
    .join('\n');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  expect({ version: PROTOCOL_VERSION, hash }).toEqual(DECIDED);
});
