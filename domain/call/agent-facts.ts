import type { ModelStage } from '../profile/models.ts';

/** An answer to one of the profile's questions, in a few words. The last one to a question counts. Personal data. */
export interface AnswerRecorded {
  readonly type: 'answerRecorded';
  /** The question's key. */
  readonly question: string;
  readonly answer: string;
}

/**
 * A model failed in the middle of the call and the next of the profile's list serves in its place (MODEL-1).
 * `to` null: none is left. Names as `modelName` writes them.
 */
export interface ModelReplaced {
  readonly type: 'modelReplaced';
  readonly stage: ModelStage;
  readonly from: string;
  readonly to: string | null;
}

/** The agent goes on in another of the profile's languages, BCP 47. */
export interface LanguageSwitched {
  readonly type: 'languageSwitched';
  readonly to: string;
}

export type AgentFact = AnswerRecorded | ModelReplaced | LanguageSwitched;

/** What the agent's part of a call has come to; kept out of the state until there is something. */
export interface AgentPart {
  readonly answers?: readonly Omit<AnswerRecorded, 'type'>[];
  readonly modelsReplaced?: readonly (Omit<ModelReplaced, 'type'> & { readonly atMs: number })[];
  /** What it speaks now, where that is not the profile's own. */
  readonly language?: string;
}

/** Folds one fact of the agent's into a call. Pure. */
export function foldAgentFact<Call extends AgentPart>(
  call: Call,
  event: AgentFact & { readonly atMs: number },
): Call {
  switch (event.type) {
    case 'answerRecorded': {
      const { question, answer } = event;
      const others = (call.answers ?? []).filter((each) => each.question !== question);
      return { ...call, answers: [...others, { question, answer }] };
    }
    case 'modelReplaced': {
      const { stage, from, to, atMs } = event;
      return { ...call, modelsReplaced: [...(call.modelsReplaced ?? []), { stage, from, to, atMs }] };
    }
    case 'languageSwitched':
      return { ...call, language: event.to };
  }
}
