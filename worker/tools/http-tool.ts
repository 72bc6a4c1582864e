import * as z from 'zod/mini';
import { headersWithSecrets, secretsOf } from '../../domain/profile/http-tool.ts';
import type { HttpTool, ToolParameter, ToolParameters } from '../../domain/profile/http-tool.ts';
import type { Env } from '../../durable-objects/env.ts';
import { bodyUpTo, fetchOutside } from '../../durable-objects/fetch-outside.ts';
import { log } from '../../durable-objects/log.ts';
import { toolSecret } from '../../durable-objects/tool-secret.ts';
import { testReceivers } from '../../durable-objects/webhook-post.ts';
import type { ToolAnswer, ToolUse } from '../../protocol/tools.ts';
import { describeIssues } from '../../protocol/codec.ts';

/** More of an answer than this is none that a model could use. */
const ANSWER_BYTES = 32 * 1024;
const ARGUMENT_LETTERS = 2_000;

const failed = (why: string): ToolAnswer => ({
  ok: false,
  problem: `That did not work just now: ${why}. Tell the customer, and offer a colleague or a call back.`,
});

/** Makes the request that an admin defined, with the secrets put in last; neither they nor the words reach a log (TOOL-6). */
export async function useHttpTool(env: Env, tool: HttpTool, use: ToolUse): Promise<ToolAnswer> {
  const given = z.safeParse(argumentsSchema(tool.parameters), withoutNulls(use.arguments));
  if (!given.success) return { ok: false, problem: `Wrong arguments: ${describeIssues(given.error)}` };
  const secret = (name: string): string | undefined => toolSecret(env, name);
  const headers = headersWithSecrets(tool.headers, secret);
  const refused = (why: string, detail: object): ToolAnswer => {
    log('warn', 'http tool failed', { tool: tool.name, ...detail });
    return failed(why);
  };
  if (headers === null) return refused('it is not set up', { error: 'secretMissing' });
  const asked = await fetchOutside(
    tool.method === 'GET' ? withQuery(tool.url, given.data) : tool.url,
    {
      method: tool.method,
      headers: {
        accept: 'application/json, text/plain',
        'user-agent': 'Earshot-Tools/1',
        // The same use may be asked for again when its answer was lost: whoever answers can tell.
        'idempotency-key': use.useId,
        ...(tool.method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(tool.method === 'POST' ? { body: JSON.stringify(given.data) } : {}),
      withinMs: tool.timeoutMs,
      alsoOrigins: testReceivers(env),
    },
    async (response, signal) => ({
      status: response.status,
      text: await bodyUpTo(response, ANSWER_BYTES, signal),
    }),
  );
  if (!asked.ok) return refused('the service could not be reached', { error: asked.error });
  const { status, text } = asked.answer;
  if (status < 200 || status >= 300) return refused(`the service answered ${status}`, { status });
  if (text === null) return refused('its answer is too long', { status, error: 'tooLong' });
  const secrets = secretsOf(tool.headers).flatMap((name) => secret(name) ?? []);
  return { ok: true, result: jsonOrText(withoutSecrets(text, secrets)) };
}

function argumentsSchema({
  properties,
  required = [],
}: ToolParameters): z.ZodMiniType<Record<string, unknown>> {
  const shape = Object.entries(properties).map(([name, parameter]) => {
    const schema = valueSchema(parameter);
    return [name, required.includes(name) ? schema : z.optional(schema)];
  });
  return z.strictObject(Object.fromEntries(shape) as Record<string, z.ZodMiniType>);
}

function valueSchema({ type, enum: values }: ToolParameter): z.ZodMiniType {
  switch (type) {
    case 'string':
      return values === undefined ? z.string().check(z.maxLength(ARGUMENT_LETTERS)) : z.enum(values);
    case 'number':
      return z.number();
    case 'integer':
      return z.int();
    case 'boolean':
      return z.boolean();
  }
}

/** Some models fill in what they leave out. */
const withoutNulls = (given: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));

function withQuery(address: string, given: Readonly<Record<string, unknown>>): string {
  // One that is no URL is refused as such where it is fetched.
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  for (const [name, value] of Object.entries(given)) url.searchParams.set(name, String(value));
  return url.href;
}

/** A service that sends back what it was sent must not tell the model, and so the caller, a secret. */
const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
