/** `POST /v1/chat/completions`: the rules of `dialogue.ts` in OpenAI's clothes. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { nextReply, type DialogueMessage, type DialogueReply } from './dialogue.ts';
import { CALL_RESULT, labResult } from './call-result.ts';
import { readJson } from './request-body.ts';

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  z.null(),
]);

const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: contentSchema.optional(),
  tool_call_id: z.string().optional(),
  tool_calls: z
    .array(
      z.looseObject({
        id: z.string(),
        function: z.looseObject({ name: z.string(), arguments: z.string().optional() }),
      }),
    )
    .nullish(),
});

const requestSchema = z.looseObject({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
  response_format: z.looseObject({ json_schema: z.looseObject({ name: z.string() }).optional() }).nullish(),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }).optional() })).nullish(),
});

type ChatRequest = z.infer<typeof requestSchema>;

interface Completion {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly finish: 'stop' | 'tool_calls';
  readonly toolCalls: readonly object[] | undefined;
  readonly text: string;
  readonly usage: object;
}

/** Answers one request, word by word when it asks for a stream. */
export async function completeChat(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chat = await readJson(request, requestSchema);
  const messages = dialogueMessages(chat);
  const toolNames = (chat.tools ?? []).flatMap((tool) => tool.function?.name ?? []);
  const reply =
    chat.response_format?.json_schema?.name === CALL_RESULT
      ? { text: labResult(messages.at(-1)?.content ?? '') }
      : nextReply(messages, toolNames);
  const completion = completionOf(chat.model, messages, reply);
  if (chat.stream) sendStream(response, completion, chat.stream_options?.include_usage ?? false);
  else sendWhole(response, completion);
}

function dialogueMessages(chat: ChatRequest): DialogueMessage[] {
  const toolNames = new Map<string, string>();
  return chat.messages.map((message) => {
    for (const call of message.tool_calls ?? []) toolNames.set(call.id, call.function.name);
    return {
      role: message.role,
      content: plainText(message.content),
      toolName: message.tool_call_id === undefined ? undefined : toolNames.get(message.tool_call_id),
      toolCalls: message.tool_calls?.map(({ function: called }) => ({
        name: called.name,
        arguments: argumentsOf(called.arguments),
      })),
    };
  });
}

const argumentsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** Empty for what is no flat object: the lab's own calls are. */
function argumentsOf(json: string | undefined): z.infer<typeof argumentsSchema> {
  try {
    return argumentsSchema.parse(JSON.parse(json ?? '{}'));
  } catch {
    return {};
  }
}

function plainText(content: z.infer<typeof contentSchema> | undefined): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('');
}

function completionOf(model: string, messages: readonly DialogueMessage[], reply: DialogueReply): Completion {
  const promptTokens = messages.reduce((sum, { content }) => sum + tokens(content) + 4, 0);
  const completionTokens = tokens(reply.text) + (reply.tool ? tokens(JSON.stringify(reply.tool)) : 0);
  return {
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    model,
    finish: reply.tool ? 'tool_calls' : 'stop',
    text: reply.text,
    toolCalls: reply.tool && [
      {
        index: 0,
        id: `call_${randomUUID()}`,
        type: 'function',
        function: { name: reply.tool.name, arguments: JSON.stringify(reply.tool.arguments) },
      },
    ],
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: 0 },
    },
  };
}

/** About what a real tokeniser would count: four characters each. */
function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function sendWhole(
  response: ServerResponse,
  { id, created, model, finish, text, toolCalls, usage }: Completion,
): void {
  const message = { role: 'assistant', content: text || null, ...(toolCalls && { tool_calls: toolCalls }) };
  const choices = [{ index: 0, message, finish_reason: finish, logprobs: null }];
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ id, object: 'chat.completion', created, model, choices, usage }));
}

function sendStream(response: ServerResponse, completion: Completion, includeUsage: boolean): void {
  const { id, created, model, finish, text, toolCalls, usage } = completion;
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const send = (choices: readonly object[], extra: object = {}) =>
    response.write(
      `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model, choices, ...extra })}\n\n`,
    );
  const delta = (change: object, finishReason: string | null = null) =>
    send([{ index: 0, delta: change, finish_reason: finishReason }]);

  delta({ role: 'assistant', content: '' });
  for (const word of text.match(/\S+\s*/g) ?? []) delta({ content: word });
  if (toolCalls) delta({ tool_calls: toolCalls });
  delta({}, finish);
  if (includeUsage) send([], { usage });
  response.end('data: [DONE]\n\n');
}
