import * as z from 'zod/mini';
import { exampleProfiles } from '../../domain/profile/examples.ts';
import type { Contract } from '../../protocol/api/contract.ts';
import { routeName } from '../../protocol/api/contract.ts';
import { SlugSchema } from '../../protocol/api/common.ts';
import { ProblemSchema } from '../../protocol/refusal.ts';
import type { Access } from '../access/table.ts';
import { roles } from '../access/principal.ts';
import { accessTable } from '../access/table.ts';

type Json = Record<string, unknown>;

/** The API as OpenAPI 3.1, made from the contracts and the access table: there is nothing to keep in step by hand. */
export function openApiDocument(catalog: readonly Contract[], version: string, origin: string): Json {
  const paths: Record<string, Json> = {};
  for (const contract of catalog) {
    const path = contract.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[contract.method.toLowerCase()] = operation(contract);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Earshot',
      version,
      description:
        'Errors are RFC 9457 problem details with a code to switch on and a request id to quote. ' +
        'Lists take `cursor` from the page before. Creates take an `Idempotency-Key`.',
    },
    servers: [{ url: origin }],
    paths,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: `${origin.startsWith('https://') ? '__Host-' : ''}earshot.session_token`,
          description: 'A signed-in person.',
        },
        key: { type: 'http', scheme: 'bearer', description: 'An API key with the scope the route names.' },
        callToken: { type: 'http', scheme: 'bearer', description: "A customer's token for one call." },
      },
      schemas: { Problem: jsonSchema(ProblemSchema, 'output') },
    },
  };
}

/** `GET /api/calls/:callId` → `getApiCallsByCallId`. */
const operationId = (route: string): string =>
  route
    .replace(/:(\w)/g, (_all, letter: string) => `By${letter.toUpperCase()}`)
    .replace(/^(\w+) /, (_all, method: string) => method.toLowerCase())
    .replace(/[/._-]+(\w)/g, (_all, letter: string) => letter.toUpperCase());

function operation(contract: Contract): Json {
  const route = routeName(contract);
  const access = accessTable[route] ?? { who: [] };
  return {
    operationId: operationId(route),
    summary: contract.summary,
    tags: [contract.tag],
    description: whoMay(access),
    ...security(access),
    parameters: [
      ...parameters(contract.params, 'path'),
      ...parameters(contract.query, 'query'),
      ...(contract.idempotency === undefined ? [] : [IDEMPOTENCY_KEY]),
    ],
    ...(contract.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(contract.body, 'input') } },
          },
        }),
    responses: {
      [String(contract.status)]: {
        description: contract.status === 204 ? 'Done' : 'What was asked for',
        ...content(contract),
        ...links(contract),
      },
      '4XX': PROBLEM,
      '5XX': PROBLEM,
    },
  };
}

const PROBLEM: Json = {
  description: 'Refused: what was wrong, and what to do',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const IDEMPOTENCY_KEY: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'The same key and body within a day get the first answer again.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
};

function content({ reply, replyType, otherReplyType }: Contract): Json {
  if (reply !== undefined)
    return { content: { [replyType ?? 'application/json']: { schema: jsonSchema(reply, 'output') } } };
  const types = [replyType, otherReplyType].filter((each) => each !== undefined);
  const file = { schema: { type: 'string', format: 'binary' } };
  return types.length === 0 ? {} : { content: Object.fromEntries(types.map((each) => [each, file])) };
}

function links(contract: Contract): Json {
  if (contract.leadsTo === undefined) return {};
  const entries = Object.entries(contract.leadsTo).map(([route, { param, field }]) => [
    operationId(route),
    { operationId: operationId(route), parameters: { [`path.${param}`]: `$response.body#${field}` } },
  ]);
  return { links: Object.fromEntries(entries) as Json };
}

function parameters(schema: Contract['params'], place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function security(access: Access): Json {
  if (access.who.includes('anyone')) return { security: [] };
  const schemes: Json[] = [];
  if (access.who.some((each) => (roles as readonly string[]).includes(each))) schemes.push({ session: [] });
  if (access.scope !== undefined) schemes.push({ key: [] });
  if (access.who.includes('customer')) schemes.push({ callToken: [] });
  return { security: schemes, 'x-roles': access.who, ...(access.scope ? { 'x-scope': access.scope } : {}) };
}

function whoMay({ who, scope }: Access): string {
  if (who.includes('anyone')) return 'Open to anyone.';
  const people = who.filter((each) => (roles as readonly string[]).includes(each));
  const parts = [
    ...(people.length > 0 ? [`role ${people.join(', ')}`] : []),
    ...(scope === undefined ? [] : [`an API key with \`${scope}\``]),
    ...(who.includes('customer') ? ["the call's own customer"] : []),
  ];
  return `For ${parts.join(' or ')}.`;
}

function jsonSchema(schema: z.ZodMiniType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema: made }) => {
      if (zodSchema === SlugSchema) made.examples = exampleProfiles.map((each) => each.slug);
      // A tuple as a list of one of its kinds: readers of OpenAPI stumble over `prefixItems`.
      if (made.prefixItems === undefined) return;
      made.items = { anyOf: made.prefixItems as z.core.JSONSchema.JSONSchema[] };
      delete made.prefixItems;
    },
  }) as Json;
  return json;
}
