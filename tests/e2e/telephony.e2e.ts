import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { RoomServiceClient, SipClient } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NewCarrier } from '../../worker/telephony/trunks.ts';
import { sipLogin } from '../../durable-objects/telephony/sip-login.ts';
import { egressRecordingId } from '../../domain/call/egress.ts';
import { egressOf } from '../../durable-objects/egress.ts';
import type { Env } from '../../durable-objects/env.ts';
import { refusalOf } from '../../durable-objects/telephony/livekit-sip.ts';
import { findLiveKit } from '../../scripts/livekit/find.ts';
import type { RunningLiveKit } from '../../scripts/livekit/server.ts';
import { startLiveKit } from '../../scripts/livekit/server.ts';
import { requireRedis } from '../../scripts/redis.ts';
import type { Child } from '../../scripts/stack/child.ts';
import { startChild } from '../../scripts/stack/child.ts';
import { WORKSPACE } from '../../scripts/stack/paths.ts';
import { freePort, freeUdpPort } from '../../scripts/stack/ports.ts';
import { TrunkRefused, Trunks } from '../../worker/telephony/trunks.ts';

const apiKey = 'devkey';
const apiSecret = 'telephony-telephony-telephony-telephony';
const logs = join(WORKSPACE, 'e2e-telephony', 'logs');
const logFile = (name: string): string => join(logs, `${name}.log`);

const common = { name: 'Trunk', callsPerSecond: 1, concurrency: 5, enabled: true };
const sipTrunk = {
  ...common,
  kind: 'livekitSip',
  address: '127.0.0.1:5095',
  transport: 'tcp',
  numbers: ['+12125550100'],
  username: 'name',
  password: 'password',
} satisfies NewCarrier;

let redis: Child;
let livekit: RunningLiveKit;
let alone: RunningLiveKit;

async function start(name: string, redisAddress?: string): Promise<RunningLiveKit> {
  const resolved = await findLiveKit();
  if (resolved.kind !== 'binary') throw new Error('a livekit-server of our own is needed');
  return startLiveKit({
    resolved,
    port: await freePort(),
    rtcTcpPort: await freePort(),
    udpPort: await freeUdpPort(),
    webhookUrl: 'http://127.0.0.1:9/livekit/webhook',
    apiKey,
    apiSecret,
    logFile: logFile(name),
    ...(redisAddress === undefined ? {} : { redisAddress }),
  });
}

beforeAll(async () => {
  mkdirSync(logs, { recursive: true });
  const port = await freePort();
  const flags = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  redis = startChild('redis', [requireRedis(), ...flags], {
    env: {},
    cwd: logs,
    logFile: logFile('redis'),
  });
  await redis.line(/Ready to accept connections/, 20_000);
  livekit = await start('livekit', `127.0.0.1:${port}`);
  alone = await start('livekit-alone');
});

afterAll(async () => {
  await Promise.all([livekit?.stop(), alone?.stop()]);
  await redis?.stop();
});

const settings = ({ url }: RunningLiveKit) => ({ url, apiKey, apiSecret });
const sip = (): SipClient => new SipClient(livekit.url.replace(/^ws/, 'http'), apiKey, apiSecret);

describe('a real LiveKit with Redis', () => {
  test('a trunk is made once, shows its address and numbers, and is gone when it is removed', async () => {
    const trunks = new Trunks(settings(livekit));
    const made = await trunks.openOutbound('carrier-1', sipTrunk);
    expect(await trunks.openOutbound('carrier-1', sipTrunk)).toEqual(made);
    const listed = await sip().listSipOutboundTrunk();
    expect(listed).toHaveLength(1);
    expect(listed[0]).toMatchObject({
      sipTrunkId: made.trunkId,
      address: '127.0.0.1:5095',
      numbers: ['+12125550100'],
      authUsername: 'name',
      transport: 2,
    });
    await trunks.close(made);
    await trunks.close(made);
    expect(await sip().listSipOutboundTrunk()).toEqual([]);
  });

  test('a line’s callers get rooms of their own, named for our number', async () => {
    const trunks = new Trunks(settings(livekit));
    const ruleId = await trunks.openLine('+12125550100');
    expect(await trunks.openLine('+12125550100')).toBe(ruleId);
    const [rule, ...others] = await sip().listSipDispatchRule();
    expect(others).toEqual([]);
    expect(rule!.sipDispatchRuleId).toBe(ruleId);
    expect(rule!.rule?.rule).toMatchObject({
      case: 'dispatchRuleCallee',
      value: { roomPrefix: 'line', randomize: true },
    });
    expect(await sip().listSipInboundTrunk()).toMatchObject([{ numbers: ['+12125550100'] }]);
    await trunks.closeLine('+12125550100', ruleId);
    expect(await sip().listSipDispatchRule()).toEqual([]);
    expect(await sip().listSipInboundTrunk()).toEqual([]);
  });

  test('Twilio’s trunk takes any number, but only with its password; all carriers by Twilio share it', async () => {
    const trunks = new Trunks(settings(livekit));
    const twilio = { sipHost: 'sip.example.com', numbers: ['+12125550100'] };
    const made = await trunks.openForTwilio(twilio, 'a secret of the test');
    const other = await trunks.openForTwilio(twilio, 'another secret');
    expect(other).toEqual(made);
    const listed = await sip().listSipInboundTrunk();
    expect(listed.find((each) => each.sipTrunkId === made.trunkId)).toMatchObject({
      numbers: [],
      authUsername: 'earshot-twilio',
      authPassword: (await sipLogin('another secret')).password,
    });
    const rule = (await sip().listSipDispatchRule()).find((each) => each.sipDispatchRuleId === made.ruleId);
    expect(rule!.rule?.rule).toMatchObject({
      case: 'dispatchRuleCallee',
      value: { roomPrefix: '', randomize: false },
    });
    await trunks.close(made);
    expect(await sip().listSipInboundTrunk()).toEqual([]);
  });

  test('CARRIER-1 without its SIP service nobody is rung, and that is a failure of the carrier', async () => {
    const trunks = new Trunks(settings(livekit));
    const { trunkId = '' } = await trunks.openOutbound('carrier-4', sipTrunk);
    const rooms = new RoomServiceClient(livekit.url.replace(/^ws/, 'http'), apiKey, apiSecret);
    await rooms.createRoom({ name: 'call-c1' });
    const refused = await sip()
      .createSipParticipant(trunkId, '+12125550142', 'call-c1', {
        participantIdentity: 'sip_c1',
        waitUntilAnswered: false,
      })
      .then(
        () => null,
        (error: unknown) => refusalOf(error),
      );
    expect(refused).toMatchObject({ kind: 'failed', failure: 'carrierFailed' });
    expect(await rooms.listParticipants('call-c1')).toEqual([]);
    await trunks.close({ trunkId });
  });

  test('a trunk that is no more is a failure of the carrier', async () => {
    const refused = await sip()
      .createSipParticipant('ST_nosuchtrunk', '+12125550142', 'call-c2', { participantIdentity: 'sip_c2' })
      .then(
        () => null,
        (error: unknown) => refusalOf(error),
      );
    expect(refused).toMatchObject({ kind: 'failed', failure: 'carrierFailed' });
  });
});

test('a LiveKit without Redis says that it has no SIP API', async () => {
  const refused = await new Trunks(settings(alone)).openLine('+12125550100').then(
    () => null,
    (error: unknown) => error,
  );
  expect(refused).toBeInstanceOf(TrunkRefused);
  expect((refused as TrunkRefused).absent).toBe(true);
});

test('REC-10 a LiveKit without its Egress service refuses, and names no recording', async () => {
  const room = 'call-01234567-89ab-7def-8123-456789abcdef';
  const callId = room.slice('call-'.length);
  await new RoomServiceClient(livekit.url.replace(/^ws/, 'http'), apiKey, apiSecret).createRoom({
    name: room,
  });
  const egress = egressOf({
    ...{ LIVEKIT_URL: livekit.url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret },
    ...{ EGRESS_S3_ENDPOINT: 'http://127.0.0.1:9', EGRESS_S3_BUCKET: 'b' },
    ...{ EGRESS_S3_ACCESS_KEY: 'k', EGRESS_S3_SECRET: 's' },
  } as Env)!;
  const recordingId = egressRecordingId({ callId } as never, 1);
  await expect(egress.start(callId, room, recordingId)).rejects.toThrow();
  await expect(egress.stop(callId, room, recordingId)).rejects.toThrow('no such recording');
});
