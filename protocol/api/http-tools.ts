import * as z from 'zod/mini';
import { AtMs } from '../primitives.ts';
import { HttpToolSchema, NewHttpToolSchema } from '../http-tool.ts';
import { HttpToolNameSchema } from '../profile.ts';
import { contract } from './contract.ts';

const tag = 'Agents';
const ToolParams = z.strictObject({ name: HttpToolNameSchema });

export const HttpToolRowSchema = z.object({
  tool: HttpToolSchema,
  createdAtMs: AtMs,
  /** The secrets its headers stand on, by the setting that holds each; never a value. */
  secrets: z.array(z.object({ setting: z.string(), present: z.boolean() })),
  /** Published agents that may use it, by name. */
  usedBy: z.array(z.string()),
});
export type HttpToolRow = z.infer<typeof HttpToolRowSchema>;

export const listHttpTools = contract({
  method: 'GET',
  path: '/api/http-tools',
  summary: 'Tools of your own that agents may use, by name',
  tag,
  status: 200,
  reply: z.object({ tools: z.array(HttpToolRowSchema) }),
});
export const putHttpTool = contract({
  method: 'PUT',
  path: '/api/http-tools/:name',
  summary:
    'Define a tool: a request to a public https address. Calls in progress keep what they were told of it',
  tag,
  params: ToolParams,
  body: NewHttpToolSchema,
  status: 200,
  reply: HttpToolRowSchema,
});
export const removeHttpTool = contract({
  method: 'DELETE',
  path: '/api/http-tools/:name',
  summary: 'Remove a tool that no published agent uses',
  tag,
  params: ToolParams,
  status: 204,
});
