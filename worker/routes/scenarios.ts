import { Hono } from 'hono';
import type { Context } from 'hono';
import { uuidv7 } from 'uuidv7';
import { editedProfile } from '../../database/edited-profiles.ts';
import { profileNamed } from '../../database/profiles.ts';
import * as store from '../../database/scenarios.ts';
import type { ScenarioRun } from '../../database/scenarios.ts';
import { foldCall } from '../../domain/call/apply.ts';
import type { CallEvent } from '../../domain/call/fact.ts';
import { hasEnded } from '../../domain/call/state.ts';
import type { PublishedProfile } from '../../domain/profile/profile.ts';
import { DRAFT_VERSION } from '../../domain/profile/profile.ts';
import { scenarioOf } from '../../domain/scene/from-call.ts';
import { judgeScenario } from '../../domain/scene/judge.ts';
import type { Scenario } from '../../domain/scene/scenario.ts';
import { callRoomOf, fleetOf } from '../../durable-objects/env.ts';
import type { Env } from '../../durable-objects/env.ts';
import { signDoorToken } from '../../durable-objects/door-token.ts';
import * as contracts from '../../protocol/api/scenarios.ts';
import { principalName } from '../access/principal.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf } from '../audit/record.ts';
import { requestCall } from '../calls/request-call.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';
import { noSuchCall } from './calls.ts';

export const scenarioRoutes = new Hono<AppEnv>();

const noSuchScenario = (c: Context<AppEnv>): Response => refuse(c, 'not_found', 'There is no such scenario.');
const subjectOf = (scenarioId: string): string => `scenario:${scenarioId}`;

serve(scenarioRoutes, contracts.listScenarios, async (c, { query }) => ({
  scenarios: await store.scenariosOf(c.env.DB, query.profile ?? null),
}));

serve(scenarioRoutes, contracts.createScenario, async (c, { body: { slug, scenario } }) => {
  if ((await editedProfile(c.env.DB, slug)) === null)
    return refuse(c, 'profile_unknown', 'There is no such agent.');
  return add(c, slug, scenario, null);
});

serve(scenarioRoutes, contracts.createScenarioFromCall, async (c, { params: { callId } }) => {
  const ledger = await ledgerOf(c.env, callId);
  const call = foldCall(ledger);
  if (call === null) return noSuchCall(c);
  const scenario = scenarioOf(call);
  if (!hasEnded(call) || call.erased?.words === true || scenario.lines.length === 0)
    return refuse(c, 'conflict', 'Nothing can be made of this call.', {
      detail: 'It must have ended, its words be there, and its customer have said something.',
    });
  return add(c, call.request.profile, scenario, callId);
});

async function add(c: Context<AppEnv>, slug: string, scenario: Scenario, fromCall: string | null) {
  const scenarioId = c.get('newId') ?? uuidv7();
  const row = { scenarioId, slug, scenario, fromCall, createdAtMs: Date.now() };
  await store.addScenario(c.env.DB, row, auditOf(c, 'scenario.added', { subject: subjectOf(scenarioId) }));
  return { scenario: { ...row, lastRun: null } };
}

serve(scenarioRoutes, contracts.changeScenario, async (c, { params: { scenarioId }, body }) => {
  const entry = auditOf(c, 'scenario.changed', { subject: subjectOf(scenarioId) });
  const known = await store.scenarioNamed(c.env.DB, scenarioId);
  if (known === null) return noSuchScenario(c);
  await store.changeScenario(c.env.DB, scenarioId, body.scenario, entry);
  return { scenario: { ...known, scenario: body.scenario } };
});

serve(scenarioRoutes, contracts.removeScenario, async (c, { params: { scenarioId } }) => {
  if ((await store.scenarioNamed(c.env.DB, scenarioId)) === null) return noSuchScenario(c);
  const entry = auditOf(c, 'scenario.removed', { subject: subjectOf(scenarioId) });
  await store.removeScenario(c.env.DB, scenarioId, entry);
  return undefined;
});

serve(scenarioRoutes, contracts.listRuns, async (c, { params: { scenarioId } }) => {
  const known = await store.scenarioNamed(c.env.DB, scenarioId);
  if (known === null) return noSuchScenario(c);
  const runs = await store.runsOf(c.env.DB, scenarioId);
  return {
    scenario: known,
    runs: await Promise.all(runs.map((run) => judged(c.env, known.scenario, run))),
  };
});

serve(scenarioRoutes, contracts.runScenario, async (c, { params: { scenarioId }, body }) => {
  const known = await store.scenarioNamed(c.env.DB, scenarioId);
  if (known === null) return noSuchScenario(c);
  const { slug, scenario } = known;
  const published = await profileFor(c.env, slug, body.with);
  if (published === null)
    return refuse(c, 'profile_unknown', 'There is no such agent, or nothing of it was published.');
  const host = await fleetOf(c.env).rehearsalHost();
  if (host === null)
    return refuse(c, 'conflict', 'No agent host is there to hold it.', {
      detail: 'Start one, then try again.',
    });
  const { callId } = await requestCall(c.env, {
    profile: published,
    channel: 'lab',
    media: 'silent',
    contact: { name: scenario.customerName },
    requestedBy: principalName(c.get('principal')),
    rehearsal: scenario.lines,
  });
  const run = { callId, version: published.version, startedAtMs: Date.now() };
  const entry = auditOf(c, 'scenario.tried', { subject: subjectOf(scenarioId), detail: `call ${callId}` });
  await store.addRun(c.env.DB, scenarioId, run, entry);
  await offer(c, callId, host);
  return { run: { ...run, verdict: null } };
});

async function profileFor(
  env: Env,
  slug: string,
  which: 'draft' | 'published',
): Promise<PublishedProfile | null> {
  if (which === 'published') return profileNamed(env.DB, slug);
  const edited = await editedProfile(env.DB, slug);
  return edited === null ? null : { profile: { slug, ...edited.draft.content }, version: DRAFT_VERSION };
}

/** To the host by name, as a call is offered: it opens the same door. Should it not, the call's own deadlines end it. */
async function offer(
  c: Context<AppEnv>,
  callId: string,
  { hostId, agentName }: { readonly hostId: string; readonly agentName: string },
): Promise<void> {
  const taken = await callRoomOf(c.env, callId).take({ type: 'agentChosen', hostId, agentName });
  if (!taken.ok) return;
  const number = 1;
  const claims = { callId, offer: number, hostId };
  const doorToken = await signDoorToken(claims, c.get('settings').doorSecret, Date.now());
  await fleetOf(c.env).offerRehearsal(hostId, { callId, offer: number, doorToken });
}

/** The first to look after its end writes down what came of it; the ledger says the same to everybody (SCENE-2). */
async function judged(env: Env, scenario: Scenario, run: ScenarioRun): Promise<ScenarioRun> {
  if (run.verdict !== null) return run;
  const ledger = await ledgerOf(env, run.callId);
  const call = foldCall(ledger);
  const verdict = call === null ? null : judgeScenario(scenario, call, ledger);
  if (call === null || call.end === null || verdict === null) return run;
  await store.settleRun(env.DB, run.callId, verdict, call.end.atMs);
  return { ...run, verdict };
}

async function ledgerOf(env: Env, callId: string): Promise<CallEvent[]> {
  const room = callRoomOf(env, callId);
  const events: CallEvent[] = [];
  for (;;) {
    const page = await room.events(events.length);
    if (page === null) return events;
    events.push(...page.events);
    if (events.length >= page.head || page.events.length === 0) return events;
  }
}
