/** The part of the espeak-ng WebAssembly build that the lab uses; the package ships no types of its own. */
declare module '@echogarden/espeak-ng-emscripten' {
  interface SynthesisEvent {
    type: string;
    /** Where the word starts in the text, counted in characters from 1. */
    text_position: number;
    word_length: number;
    /** Milliseconds from the start of this synthesis. */
    audio_position: number;
  }

  interface EspeakWorker {
    /** Answers 0 even for a voice that does not exist; the synthesis is then empty. */
    set_voice(name: string, language: string): number;
    /** Words a minute. */
    set_rate(wordsPerMinute: number): void;
    /** 0–99; 50 is the voice's own pitch. */
    set_pitch(pitch: number): void;
    /** 0–99: how far the pitch moves; 50 is the default. */
    set_range(range: number): void;
    get_samplerate(): number;
    /** Runs to its end before it returns, handing over pieces as it goes; answering true stops it. */
    synthesize(
      text: string,
      onPiece: (samples: Int16Array | null, events: SynthesisEvent[]) => boolean,
    ): void;
  }

  interface EspeakModule {
    eSpeakNGWorker: new () => EspeakWorker;
  }

  export default function load(options?: Record<string, unknown>): Promise<EspeakModule>;
}
