import { Hono } from 'hono';
import type { ListedHttpTool } from '../../database/http-tools.ts';
import { allHttpTools, httpToolNames, putHttpTool, removeHttpTool } from '../../database/http-tools.ts';
import { publicAddress } from '../../domain/net/public-address.ts';
import { secretSetting, secretsOf } from '../../domain/profile/http-tool.ts';
import { toolNames } from '../../domain/profile/profile.ts';
import type { Env } from '../../durable-objects/env.ts';
import { toolSecret } from '../../durable-objects/tool-secret.ts';
import { testReceivers } from '../../durable-objects/webhook-post.ts';
import * as contracts from '../../protocol/api/http-tools.ts';
import type { HttpToolRow } from '../../protocol/api/http-tools.ts';
import type { Sendable } from '../../protocol/api/contract.ts';
import type { AppEnv } from '../app-env.ts';
import { auditOf, auditOfChange } from '../audit/record.ts';
import { refuse } from '../http/problem.ts';
import { serve } from '../http/serve.ts';

const MOST_TOOLS = 100;

/** Tools that admins define (PROFILE-8). Who runs them: the call's own door. */
export const httpToolRoutes = new Hono<AppEnv>();

serve(httpToolRoutes, contracts.listHttpTools, async (c) => ({
  tools: (await allHttpTools(c.env.DB)).map((each) => rowOf(c.env, each)),
}));

serve(httpToolRoutes, contracts.putHttpTool, async (c, { params: { name }, body }) => {
  if ((toolNames as readonly string[]).includes(name)) {
    return refuse(c, 'conflict', 'Every agent knows a tool of this name.', { detail: 'Give yours another.' });
  }
  const address = publicAddress(body.url, testReceivers(c.env));
  if (!address.ok) {
    return refuse(c, 'address_forbidden', 'We send nothing to this address.', {
      detail: `It is ${address.problem}. Use a public https address of yours.`,
      errors: [{ field: 'url', problem: address.problem }],
    });
  }
  const others = (await httpToolNames(c.env.DB)).filter((each) => each !== name);
  if (others.length >= MOST_TOOLS) {
    return refuse(c, 'conflict', `There are ${MOST_TOOLS} tools already.`, {
      detail: 'Remove one that no agent uses.',
    });
  }
  const entry = auditOf(c, 'httpTool.set', { subject: `httpTool:${name}`, detail: body.method });
  const tool = { ...body, name, url: address.url.href };
  return rowOf(c.env, await putHttpTool(c.env.DB, tool, Date.now(), entry));
});

serve(httpToolRoutes, contracts.removeHttpTool, async (c, { params: { name } }) => {
  const entry = auditOfChange(c, 'httpTool.removed', { subject: `httpTool:${name}` });
  if (await removeHttpTool(c.env.DB, name, entry)) return c.body(null, 204);
  const tool = (await allHttpTools(c.env.DB)).find((each) => each.tool.name === name);
  if (tool === undefined) return refuse(c, 'not_found', 'There is no such tool.');
  return refuse(c, 'conflict', 'Agents use it.', {
    detail: `Publish ${tool.usedBy.join(', ')} without it first.`,
    errors: tool.usedBy.map((slug) => ({ field: 'usedBy', problem: slug })),
  });
});

function rowOf(env: Env, { tool, createdAtMs, usedBy }: ListedHttpTool): Sendable<HttpToolRow> {
  const secrets = secretsOf(tool.headers).map((name) => ({
    setting: secretSetting(name),
    present: toolSecret(env, name) !== undefined,
  }));
  return { tool, createdAtMs, secrets, usedBy };
}
