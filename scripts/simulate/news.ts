/** What a worker tells the runner, one JSON a line. Neither words nor names: seeds, counts and rules. */
export type WorkerNews =
  | { readonly type: 'progress'; readonly calls: number; readonly events: number }
  | {
      readonly type: 'violation';
      readonly seed: number;
      /** Histories this worker had played, this one included. */
      readonly calls: number;
      readonly rule: string;
      readonly what: string;
    };
