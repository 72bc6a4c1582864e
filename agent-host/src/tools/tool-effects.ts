/** What tools bring about in the call itself. */
export interface ToolEffects {
  humanRequested(reason: string): void;
  /** The goodbye was said, or took too long. Called at most once. */
  endCall(reason: string): void;
  /** The customer is never to be called again. Called at most once. */
  doNotCall(): void;
  /** Epoch ms of this host's clock. The last one counts. */
  callBack(forAtMs: number): void;
  /** The last answer to a question counts. */
  answer(question: string, answer: string): void;
}
