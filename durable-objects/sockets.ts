import * as z from 'zod/mini';
import { sights } from '../domain/privacy/sight.ts';
import type { AgentDown } from '../protocol/agent.ts';
import type { MonitorDown } from '../protocol/monitor.ts';
import { Id } from '../protocol/primitives.ts';

/** What a socket is, kept with it across hibernation. Written by the object only. */
const AttachmentSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('monitor'),
    userId: Id,
    /** How much of people's data it is sent, as the Worker verified it. */
    sight: z.enum(sights),
    connectedAtMs: z.int(),
  }),
  z.object({
    kind: z.literal('agent'),
    offer: z.int(),
    hostId: Id,
    /** Null until its hello was accepted. */
    session: z.nullable(Id),
    connectedAtMs: z.int(),
  }),
]);
export type Attachment = z.infer<typeof AttachmentSchema>;
export type AgentAttachment = Extract<Attachment, { kind: 'agent' }>;

export const MONITOR = 'monitor';
export const AGENT = 'agent';

export function attachmentOf(socket: WebSocket): Attachment | null {
  const decoded = z.safeParse(AttachmentSchema, socket.deserializeAttachment());
  return decoded.success ? decoded.data : null;
}

/** Sends and forgets: a socket that is closing hears of it through its close event. */
export function send(socket: WebSocket, message: MonitorDown | AgentDown | string): void {
  try {
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  } catch {
    // Already closing.
  }
}

/** Closes politely; reason codes are in protocol/refusal.ts. */
export function close(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // Already closed.
  }
}
