import * as z from 'zod/mini';
import { parameterTypes, secretsOf } from '../domain/profile/http-tool.ts';
import type { HttpTool, ToolParameters } from '../domain/profile/http-tool.ts';
import { HttpToolNameSchema } from './profile.ts';

const LARGEST_PARAMETERS = 8_192;
const MOST_PARAMETERS = 20;
const ParameterName = z.string().check(z.regex(/^[A-Za-z_][A-Za-z0-9_]{0,40}$/));

const ParameterSchema = z
  .strictObject({
    type: z.enum(parameterTypes),
    description: z.optional(z.string().check(z.maxLength(500))),
    enum: z.optional(z.array(z.string().check(z.maxLength(120))).check(z.minLength(1), z.maxLength(50))),
  })
  .check(
    z.refine((each) => each.enum === undefined || each.type === 'string', {
      path: ['enum'],
      error: 'only a string has a list of values',
    }),
  );

/** JSON Schema of an object with simple properties; at most 20 of them and 8 KiB. */
export const ToolParametersSchema: z.ZodMiniType<ToolParameters> = z
  .strictObject({
    type: z.literal('object'),
    properties: z.record(ParameterName, ParameterSchema),
    required: z.optional(z.array(ParameterName).check(z.maxLength(MOST_PARAMETERS))),
    additionalProperties: z.optional(z.literal(false)),
  })
  .check(
    z.refine((each) => Object.keys(each.properties).length <= MOST_PARAMETERS, {
      path: ['properties'],
      error: `at most ${MOST_PARAMETERS} parameters`,
    }),
    z.refine((each) => (each.required ?? []).every((name) => Object.hasOwn(each.properties, name)), {
      path: ['required'],
      error: 'a required parameter that is none of the properties',
    }),
    z.refine((each) => new TextEncoder().encode(JSON.stringify(each)).length <= LARGEST_PARAMETERS, {
      error: 'at most 8 KiB',
    }),
  );

/** Names that HTTP has; those that say where a message ends or who speaks are ours to set. */
const HeaderName = z.string().check(
  z.regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,60}$/),
  z.refine(
    (name) => !/^(host|content-length|content-type|transfer-encoding|connection|cookie|cf-.*)$/i.test(name),
    {
      error: 'this header is set by us, or not sent at all',
    },
  ),
);

/** Headers that carry a secret: their value is never written down here. */
const SECRET_HEADER = /^(authorization|proxy-authorization|.*(api-?key|token|secret|password).*)$/i;

export const ToolHeadersSchema = z
  .record(HeaderName, z.string().check(z.maxLength(1_000), z.regex(/^[\x20-\x7e]*$/)))
  .check(
    z.refine((each) => Object.keys(each).length <= 20, { error: 'at most 20 headers' }),
    (context) => {
      for (const [name, value] of Object.entries(context.value)) {
        const message = headerProblem(name, value);
        if (message !== null) context.issues.push({ code: 'custom', input: value, path: [name], message });
      }
    },
  );

function headerProblem(name: string, value: string): string | null {
  const secrets = secretsOf({ [name]: value });
  const rest = secrets.reduce((text, each) => text.replaceAll(`{{secret.${each}}}`, ''), value);
  if (/\{\{|\}\}/.test(rest)) return 'placeholders are written {{secret.NAME}}, in capitals';
  return SECRET_HEADER.test(name) && secrets.length === 0
    ? 'a secret is not written here: set TOOL_SECRET_NAME, and write {{secret.NAME}}'
    : null;
}

const definition = {
  description: z.string().check(z.minLength(1), z.maxLength(1_000), z.regex(/\S/)),
  method: z.enum(['GET', 'POST']),
  url: z.string().check(z.minLength(1), z.maxLength(2_048)),
  parameters: ToolParametersSchema,
  headers: ToolHeadersSchema,
  /** 1 to 20 s. */
  timeoutMs: z.int().check(z.minimum(1_000), z.maximum(20_000)),
};

/** What an admin says of a tool, beside its name. */
export const NewHttpToolSchema = z.strictObject(definition);

export const HttpToolSchema: z.ZodMiniType<HttpTool> = z.object({ name: HttpToolNameSchema, ...definition });
