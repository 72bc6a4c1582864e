import { voice } from '@livekit/agents';
import type { Observation } from '../../domain/call/input.ts';
import type { AgentActivity, Interim } from '../../protocol/interim.ts';
import type { SpokenWords } from './join-session-to-room.ts';
import { AgentWords } from './agent-words.ts';
import { CustomerWords } from './customer-words.ts';
import { fitContent } from './fit.ts';
import { TurnTiming } from './turn-timing.ts';
import { UsageMeter } from './usage.ts';

const events = voice.AgentSessionEventTypes;

/** Where observations go: the call link. */
export interface Observer {
  observe(observation: Observation): void;
  interim(interim: Interim): void;
  activity(activity: AgentActivity): void;
}

export interface ObserveOptions {
  /** `tts.capabilities.streaming`: decides which of the voice's metrics are billed. */
  readonly voiceStreams: boolean;
  /** The agent was heard for the first time, epoch ms. */
  readonly onFirstSound?: (atMs: number) => void;
  readonly now?: () => number;
}

export interface SessionObservation {
  /** Hears the agent's words behind the synchroniser. */
  readonly spokenWords: SpokenWords;
  /** Reports what is measured but not reported yet. */
  finish(): void;
}

/**
 * Turns a session's events into observations. The framework's units vary: event times and `…Ms` are milliseconds, an
 * item's `metrics.…At` are seconds; everything that leaves here is epoch ms on this host's clock.
 */
export function observeSession(
  session: Pick<voice.AgentSession, 'on'>,
  observer: Observer,
  options: ObserveOptions,
): SessionObservation {
  const now = options.now ?? Date.now;
  const interim = (words: Interim): void => observer.interim(words);
  const observe = (observation: Observation): void => observer.observe(observation);
  const customer = new CustomerWords(interim, observe);
  const agent = new AgentWords(interim, observe, now);
  const timing = new TurnTiming(observe);
  const usage = new UsageMeter(options.voiceStreams, now());
  let heard = false;

  const reportUsage = (): void => {
    const consumed = usage.take();
    if (consumed !== null) observe(consumed);
  };

  session.on(events.UserStateChanged, (event) => {
    if (event.newState === 'speaking') customer.startedSpeaking(event.createdAt);
    else if (event.oldState === 'speaking') customer.stoppedSpeaking(event.createdAt);
  });
  session.on(events.UserInputTranscribed, (event) => {
    if (event.isFinal) customer.understood(event.transcript, now());
    else customer.heard(event.transcript, now());
  });
  session.on(events.AgentStateChanged, (event) => {
    observer.activity(event.newState === 'idle' ? 'listening' : event.newState);
    if (event.oldState === 'speaking') agent.voiceStopped(event.createdAt);
    if (event.newState !== 'speaking') return;
    agent.voiceStarted(event.createdAt);
    timing.agentSpeaks(event.createdAt);
    if (!heard) options.onFirstSound?.(event.createdAt);
    heard = true;
  });
  session.on(events.ConversationItemAdded, ({ item, createdAt }) => {
    if (item.type !== 'message' || item.role !== 'assistant') return;
    const { startedSpeakingAt, stoppedSpeakingAt } = item.metrics;
    agent.finished({
      text: item.textContent ?? '',
      interrupted: item.interrupted,
      startedAtMs: startedSpeakingAt === undefined ? null : startedSpeakingAt * 1_000,
      endedAtMs: stoppedSpeakingAt === undefined ? createdAt : stoppedSpeakingAt * 1_000,
    });
    timing.finish();
    reportUsage();
  });
  session.on(events.MetricsCollected, ({ metrics }) => {
    timing.metered(metrics);
    usage.metered(metrics, now());
  });
  session.on(events.FunctionToolsExecuted, (event) => {
    for (const [index, call] of event.functionCalls.entries()) {
      const output = event.functionCallOutputs[index];
      observe({
        type: 'toolUsed',
        tool: call.name.slice(0, 128),
        succeeded: output !== undefined && !output.isError,
        // The framework sets the call's time to the start of its execution.
        durationMs: Math.max(0, (output?.createdAt ?? event.createdAt) - call.createdAt),
        ...(call.args ? { given: fitContent(call.args) } : {}),
        ...(output?.output ? { gave: fitContent(output.output) } : {}),
      });
    }
  });

  return {
    spokenWords: agent,
    finish: () => {
      timing.finish();
      reportUsage();
    },
  };
}
