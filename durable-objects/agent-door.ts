import type { CallEvent } from '../domain/call/fact.ts';
import { hasEnded } from '../domain/call/state.ts';
import type { CallState } from '../domain/call/state.ts';
import { isRecordedByEgress } from '../domain/call/recording.ts';
import { recordingPolicyOf } from '../domain/call/recordings.ts';
import type { HttpToolBriefing } from '../domain/profile/http-tool.ts';
import { toldInstructions } from '../domain/profile/placeholders.ts';
import type { Profile } from '../domain/profile/profile.ts';
import type { AgentDown } from '../protocol/agent.ts';
import { AgentUpSchema } from '../protocol/agent.ts';
import { decodeMessage } from '../protocol/codec.ts';
import { closeCodes } from '../protocol/refusal.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import type { LiveCall } from './live-call.ts';
import type { AgentAttachment } from './sockets.ts';
import { AGENT, attachmentOf, close, send } from './sockets.ts';
import { changesSteering, steeringOf } from './steering-of.ts';
import type { Surroundings } from './surroundings.ts';

/** The agent's side of a call: one socket, authorised for this call alone, whose first word is hello. */
export class AgentDoor {
  readonly #around: Surroundings;
  readonly #call: LiveCall;

  constructor(around: Surroundings, call: LiveCall) {
    this.#around = around;
    this.#call = call;
  }

  /** `claims` were read by the Worker from a verified door token. */
  admit(socket: WebSocket, claims: URLSearchParams): void {
    this.#around.accept(socket, AGENT);
    this.#attach(socket, {
      kind: 'agent',
      offer: Number(claims.get('offer')),
      hostId: claims.get('hostId') ?? '',
      session: null,
      connectedAtMs: this.#around.nowMs(),
    });
  }

  heard(socket: WebSocket, attachment: AgentAttachment, raw: string | ArrayBuffer, call: CallState): void {
    const decoded = decodeMessage(AgentUpSchema, raw);
    if (!decoded.ok) {
      send(socket, { type: 'refused', code: decoded.code, message: decoded.detail });
      return;
    }
    const message = decoded.message;
    if (message.type === 'hello') {
      this.#hello(socket, attachment, message);
      return;
    }
    if (attachment.session === null) {
      send(socket, { type: 'refused', code: 'session_unknown', message: 'Say hello first.' });
      return;
    }
    switch (message.type) {
      case 'observe':
        // The runtime holds each answer back until what was written is durable (output gate), so an ack is a promise.
        this.#call.hear(attachment.session, message.observations, {
          answer: (answers) => {
            for (const each of answers) send(socket, each);
          },
          // On a link that stands every observation is answered (LEDGER-1): this one breaks, and comes again.
          failed: () => close(socket, 1011, 'not written: come again'),
        });
        return;
      case 'interim':
        if (!hasEnded(call)) this.#call.interim(message.interim);
        return;
      case 'activity':
        if (!hasEnded(call)) this.#call.activity(message.activity);
        return;
      case 'quality':
        if (!hasEnded(call)) this.#call.quality(message.quality);
    }
  }

  /** What the agent must know of what was just written: that the call is over, or how it is steered now (STEER-1). */
  tell(events: readonly CallEvent[], call: CallState): void {
    const end = events.find((event) => event.type === 'callEnded');
    if (end !== undefined) this.#sendAll({ type: 'leave', reason: end.reason });
    else if (events.some(changesSteering)) this.#sendAll({ type: 'steering', ...steeringOf(call) });
  }

  #sendAll(message: AgentDown): void {
    for (const socket of this.#around.sockets(AGENT)) {
      const attachment = attachmentOf(socket);
      // Before its hello was accepted it might be anyone's; its welcome says the same.
      if (attachment?.kind === 'agent' && (attachment.session !== null || message.type === 'leave'))
        send(socket, message);
    }
  }

  #hello(
    socket: WebSocket,
    attachment: AgentAttachment,
    hello: { protocol: number; session: string; identity: string; clockMs: number },
  ): void {
    if (hello.protocol !== PROTOCOL_VERSION) {
      send(socket, {
        type: 'refused',
        code: 'protocol_unsupported',
        message: 'This agent host is too old: drain it.',
      });
      close(socket, closeCodes.protocolUnsupported, 'protocol not supported');
      return;
    }
    const taken = this.#call.take({
      type: 'agentHello',
      offer: attachment.offer,
      hostId: attachment.hostId,
      session: hello.session,
      identity: hello.identity,
      agentClockMs: hello.clockMs,
    });
    if (!taken.ok) {
      send(socket, { type: 'refused', ...taken.refusal });
      // Not final: the offer may be written a moment after its dispatch was seen.
      close(
        socket,
        taken.refusal.code === 'offer_unknown' ? 1013 : closeCodes.superseded,
        taken.refusal.code,
      );
      return;
    }
    this.#attach(socket, { ...attachment, session: hello.session });
    this.#call.agentLinked(hello.session);
    const welcome = this.#call.welcome(hello.session);
    send(socket, welcome);
  }

  #attach(socket: WebSocket, attachment: AgentAttachment): void {
    socket.serializeAttachment(attachment);
  }
}

interface Kept {
  readonly httpTools?: readonly HttpToolBriefing[];
  readonly rehearsal?: readonly string[] | null;
}

/** What an agent is told as it opens the door. */
export function welcomeFor(
  call: CallState,
  session: string,
  profile: Profile,
  { httpTools = [], rehearsal = null }: Kept = {},
): AgentDown {
  const { contact, briefing } = call.request;
  return {
    type: 'welcome',
    protocol: PROTOCOL_VERSION,
    callId: call.request.callId,
    profile: {
      ...profile,
      instructions: toldInstructions(briefing?.instructions ?? profile.instructions, contact.name),
    },
    ...(httpTools.length === 0 ? {} : { httpTools: httpTools.map(asSent) }),
    ...(rehearsal === null ? {} : { rehearsal: { lines: [...rehearsal] } }),
    contact: { name: contact.name },
    history: call.transcript.map(({ speaker, text, interrupted }) => ({ speaker, text, interrupted })),
    successor: call.agents[0]?.session !== session,
    ended: hasEnded(call),
    ...((call.supervision === undefined && call.spendLimitAtMs === undefined) || hasEnded(call)
      ? {}
      : { steering: steeringOf(call) }),
    ...(call.language === undefined ? {} : { language: call.language }),
    ...(briefing === undefined ? {} : { briefing }),
    ...(call.request.phone === undefined ? {} : { telephone: telephoneOf(call) }),
    ...recordingOf(call, profile),
  };
}

const asSent = ({ parameters, ...tool }: HttpToolBriefing) => ({ ...tool, parameters: { ...parameters } });

function recordingOf(
  call: CallState,
  { consentLine }: Profile,
): Pick<Extract<AgentDown, { type: 'welcome' }>, 'recording'> {
  const policy = recordingPolicyOf(call);
  if (policy === 'off') return {};
  const consentLineSaid = call.consentLineSaidAtMs !== undefined;
  const by = isRecordedByEgress(call) ? { by: 'egress' as const } : {};
  return {
    recording: { policy, ...by, consentLine, consentLineSaid, paused: call.recordingPaused === true },
  };
}

function telephoneOf({
  request: { dial },
}: CallState): NonNullable<Extract<AgentDown, { type: 'welcome' }>['telephone']> {
  const zone = dial?.decision.judgedIn?.zone;
  return { voicemail: dial?.voicemail ?? null, ...(zone === undefined ? {} : { zone }) };
}
