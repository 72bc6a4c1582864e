/** One caption line on the customer's page. */
export interface Caption {
  readonly segmentId: string;
  readonly speaker: 'you' | 'agent';
  readonly text: string;
  readonly final: boolean;
}

/** The page shows a conversation, it does not keep one. */
const KEPT = 60;

/** Puts a segment's newest text in its place. An interim that comes after its final is old news. */
export function withCaption(captions: readonly Caption[], caption: Caption): readonly Caption[] {
  const at = captions.findLastIndex((held) => held.segmentId === caption.segmentId);
  if (at === -1) return caption.text === '' ? captions : [...captions, caption].slice(-KEPT);
  if (captions[at]?.final === true && !caption.final) return captions;
  return caption.text === '' && caption.final
    ? // Taken back: the recogniser found nothing in it.
      captions.filter((_, index) => index !== at)
    : captions.with(at, caption);
}

/** The attributes LiveKit's agents put on a `lk.transcription` text stream. */
export interface CaptionAttributes {
  readonly 'lk.segment_id'?: string;
  readonly 'lk.transcription_final'?: string;
}

/**
 * Is a finished stream's text final? A recogniser sends one stream for each interim, each with the whole text so far,
 * and marks the last one. An agent sends its sentence once, piece by piece: the end of that stream is the end of it.
 */
export const isFinalStream = (speaker: Caption['speaker'], attributes: CaptionAttributes): boolean =>
  speaker === 'agent' || attributes['lk.transcription_final'] === 'true';
