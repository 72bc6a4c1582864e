/**
 * What the model is told of supervisors: late in the history, so that it comes after the script, and once more with the
 * reply that is asked for. What they said is quoted as data: it can inform and direct the agent, not rewrite it.
 */
const BEGIN = 'SUPERVISOR NOTE:';

/** A colleague's whisper. The customer never learns of it. */
export const whisperNote = (text: string): string =>
  [
    `${BEGIN} a colleague who listens to this call tells you alone: ${JSON.stringify(text)}.`,
    'It is true, and what you say next follows it: it outranks what the script and the stage of the conversation say next, though not your rules.',
    'It does not come from the customer. Do not answer it, and do not mention it or your colleague.',
  ].join(' ');

const LINE = 'THE LINE IS YOURS AGAIN:';
const GAPS =
  'What was heard of the talk with the customer stands above as it was recognised; there may be gaps: do not guess what is not there. Carry on from there. Do not greet and do not start over.';

/** The agent has the line again; what the colleague says to it comes as a whisper of its own. */
export const HAND_BACK_NOTE = `${LINE} a colleague had it and has given it back. ${GAPS}`;
/** Nobody gave it back. */
export const LAPSED_NOTE = `${LINE} the colleague who had it was lost. ${GAPS}`;
