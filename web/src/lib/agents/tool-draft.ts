import type * as z from 'zod/mini';
import type { HttpTool } from '../../../../domain/profile/http-tool.ts';
import type { NewHttpToolSchema } from '../../../../protocol/http-tool.ts';

/** What the API takes. */
export type ToolWish = z.input<typeof NewHttpToolSchema>;

/** A tool as a form holds it: its parameters as JSON, a header a line. */
export interface ToolDraft {
  name: string;
  description: string;
  method: HttpTool['method'];
  url: string;
  parameters: string;
  headers: string;
  timeoutSeconds: number;
}

const example = {
  type: 'object',
  properties: { order: { type: 'string', description: 'The order number, as on the receipt' } },
  required: ['order'],
};

export const toolDraft = (tool: HttpTool | null): ToolDraft => ({
  name: tool?.name ?? '',
  description: tool?.description ?? '',
  method: tool?.method ?? 'GET',
  url: tool?.url ?? '',
  parameters: JSON.stringify(tool?.parameters ?? example, null, 2),
  headers: Object.entries(tool?.headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n'),
  timeoutSeconds: (tool?.timeoutMs ?? 5_000) / 1_000,
});

/** What cannot even be sent, by the field it is in. */
export type ToolProblems = Partial<Record<'parameters' | 'headers', string>>;

/** Whether the rest can be so is the Worker's to say. */
export function toolWish(
  draft: ToolDraft,
): { readonly wish: ToolWish } | { readonly problems: ToolProblems } {
  const parameters = parsed(draft.parameters);
  const headers = headersOf(draft.headers);
  const problems: ToolProblems = {
    ...(parameters === undefined ? { parameters: 'This is not JSON.' } : {}),
    ...(headers === null ? { headers: 'A header is written as Name: value, one a line.' } : {}),
  };
  if (parameters === undefined || headers === null) return { problems };
  return {
    wish: {
      description: draft.description.trim(),
      method: draft.method,
      url: draft.url.trim(),
      // The Worker decodes it: here it is only known to be JSON.
      parameters: parameters as ToolWish['parameters'],
      headers,
      timeoutMs: Math.round(draft.timeoutSeconds * 1_000),
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function headersOf(text: string): Record<string, string> | null {
  const headers: Record<string, string> = {};
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const [, name, value] = /^\s*([^\s:]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) return null;
    headers[name] = value;
  }
  return headers;
}
