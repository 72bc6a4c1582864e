/** Errors in the shape that OpenAI's clients read. */
import type { ServerResponse } from 'node:http';

/** A request that is refused. The message goes to the client, so it repeats nothing that was said on a call. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string | null;

  constructor(status: number, message: string, code: string | null = null) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export interface ApiErrorBody {
  readonly error: { message: string; type: string; param: null; code: string | null };
}

/** The body for a refusal; anything but an {@link ApiError} is a bug, and its details stay here. */
export function apiErrorBody(error: unknown): { status: number; body: ApiErrorBody } {
  const { status, message, code } =
    error instanceof ApiError ? error : new ApiError(500, 'The lab server failed.', 'internal_error');
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return { status, body: { error: { message, type, param: null, code } } };
}

/** Answers with the error, or, when the answer has begun already, ends the connection. */
export function sendApiError(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, body } = apiErrorBody(error);
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
