import type { Failure } from '../../../../protocol/client/failure.ts';

/** What an error says on the screen. */
export interface Explanation {
  readonly what: string;
  readonly why: string;
  readonly todo: string;
  /** To quote when asking for help; null when the request never arrived. */
  readonly requestId: string | null;
}

type Words = readonly [why: string, todo: string];

const byCode: Record<string, Words | ((failure: Failure) => Words)> = {
  unreachable: ['The server did not answer.', 'Check your connection, then try again.'],
  timed_out: ['The server took too long to answer.', 'Try again in a moment.'],
  unreadable: ['The server speaks a newer version than this page.', 'Reload the page.'],
  protocol_unsupported: ['The server speaks a newer version than this page.', 'Reload the page.'],
  unauthenticated: ['You are not signed in, or your session has ended.', 'Sign in again.'],
  invalid_credentials: [
    'No account opens with what you gave.',
    'Check it; passwords tell capital letters apart.',
  ],
  invitation_invalid: [
    'This link was used, replaced or taken back, or it has expired.',
    'Ask an admin for a new one.',
  ],
  setup_closed: ['There is nothing to set up here.', 'Sign in, or ask an admin for an invitation.'],
  forbidden: ['Your role does not allow this.', 'Ask an admin or a supervisor to do it.'],
  read_only: ['Your role may look but not act.', 'Ask an admin or a supervisor to do it.'],
  not_found: ['It does not exist, or it was removed.', 'Check the address, or go back to the board.'],
  call_unknown: ['There is no call with this id.', 'Check the address, or look for it in the history.'],
  call_ended: ['The call had already ended.', 'Nothing needs to be done.'],
  call_silent: [
    'This call has words without sound.',
    'Read it; there is nothing to hear and nobody to speak to.',
  ],
  no_agent_yet: ['Nobody has answered this call yet.', 'Wait until the agent and the customer are there.'],
  line_held: ['Another person has the line.', 'Wait until they hand it back, or ask them to.'],
  line_free: ['The agent has the line already.', 'Nothing needs to be done.'],
  seat_not_yours: ['Your seat in the call is gone.', 'Take it again: open the dialog once more.'],
  not_recording: ['Nothing is being recorded.', 'Nothing needs to be done.'],
  recording_gone: ['There is no such recording any more.', 'It was erased, or its time had run out.'],
  profile_unknown: ['There is no line with this name.', 'Check the link that you were given.'],
  media_unavailable: ['The voice server cannot take a call at present.', 'Try again in a minute.'],
  malformed: (failure) => [
    failure.errors.length === 0
      ? 'Something was filled in wrongly.'
      : `Filled in wrongly: ${failure.errors.map((each) => `${each.field} (${each.problem})`).join(', ')}.`,
    'Correct it and try again.',
  ],
  oversized: ['It is larger than what is taken here.', 'Shorten it and try again.'],
  conflict: (failure) => [
    [failure.title, failure.detail].filter(Boolean).join(' ') || 'It contradicts how things stand.',
    'Reload the page to see how things stand now.',
  ],
  already_done: [
    'This was done before, and its secret was shown once.',
    'Delete what was made and make it again.',
  ],
  address_forbidden: (failure) => [
    failure.detail ?? 'This is not an address we send to.',
    'Use a public https address of yours.',
  ],
  rate_limited: (failure) => [
    'There were too many requests from your address.',
    `Try again in ${waitWords(failure.retryAfterS)}.`,
  ],
  too_many_calls: (failure) => [
    'There were many calls from your address.',
    `Try again in ${waitWords(failure.retryAfterS)}.`,
  ],
  internal: ['Something went wrong on our side.', 'Try again; if it happens again, report the request id.'],
};

/** The one translator of failures into words. `what` is what the person was trying to do: "The call was not hung up". */
export function explain(what: string, failure: Failure): Explanation {
  const entry = byCode[failure.code] ?? byStatus(failure);
  const [why, todo] = typeof entry === 'function' ? entry(failure) : entry;
  return { what, why, todo, requestId: failure.requestId };
}

/** A code newer than this page: the server's own words are the best there is. */
function byStatus(failure: Failure): Words {
  const said = [failure.title, failure.detail].filter((part) => part !== null).join(' ');
  const why = said === '' ? `The server refused (${failure.status}).` : said;
  return [why, failure.status >= 500 ? 'Try again in a moment.' : 'Go back and try another way.'];
}

export function waitWords(seconds: number | null): string {
  if (seconds === null) return 'a minute';
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  return `${Math.ceil(seconds / 60)} minutes`;
}
