import type * as z from 'zod/mini';

type Schema = z.ZodMiniType;
type Shape = z.ZodMiniObject;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One route of the API, as both sides read it: the Worker decodes what comes in and checks what goes out by it, the
 * client is typed by it, the reference is printed from it. Who may use it stands in `worker/access/table.ts`.
 */
export interface Contract<
  Params extends Shape | undefined = Shape | undefined,
  Query extends Shape | undefined = Shape | undefined,
  Body extends Schema | undefined = Schema | undefined,
  Reply extends Schema | undefined = Schema | undefined,
> {
  readonly method: Method;
  /** Hono's form: `/api/calls/:callId`. */
  readonly path: `/${string}`;
  /** One line of the reference. */
  readonly summary: string;
  readonly tag: string;
  readonly params?: Params;
  /** Values arrive as text: numbers are patterns, lists are separated by commas. */
  readonly query?: Query;
  readonly body?: Body;
  /** Bytes; 64 KiB unless said. A larger body is refused with 413 before it is read to the end. */
  readonly maxBytes?: number;
  readonly status: 200 | 201 | 202 | 204;
  /** Left out for 204. */
  readonly reply?: Reply;
  /** When the reply is not JSON. */
  readonly replyType?: 'text/plain' | 'text/csv' | 'text/html' | 'application/x-ndjson' | 'audio/mpeg';
  /** Where the query chooses: the other type it may be. */
  readonly otherReplyType?: 'application/x-ndjson';
  /**
   * What a repeated `Idempotency-Key` gets. `replay`: the first answer again. `once`: a refusal, because the first
   * answer held a secret that is not kept.
   */
  readonly idempotency?: 'replay' | 'once';
  /** Where the thing just made is found: operation of the reference and the reply's field that names it. */
  readonly leadsTo?: Readonly<Record<string, { readonly param: string; readonly field: string }>>;
}

/** A schema's type, `Otherwise` where the contract has none. */
type Out<S, Otherwise> = [Exclude<S, undefined>] extends [never] ? Otherwise : z.output<Extract<S, Schema>>;
type Nothing = Record<string, never>;

/** What a handler gets, decoded. */
export interface Decoded<C extends Contract> {
  readonly params: Out<C['params'], Nothing>;
  readonly query: Out<C['query'], Nothing>;
  readonly body: Out<C['body'], undefined>;
}
/** What a client gets. */
export type ReplyOf<C extends Contract> = Out<C['reply'], undefined>;

/** What a handler may answer: the same, read-only, and with tuples as lists, as they come out of an object's RPC. */
export type Sendable<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Each)[]
    ? readonly Sendable<Each>[]
    : { readonly [Key in keyof T]: Sendable<T[Key]> };

type Part<Name extends string, S, Optional = false> = [Exclude<S, undefined>] extends [never]
  ? { readonly [Key in Name]?: never }
  : Optional extends true
    ? { readonly [Key in Name]?: z.input<Extract<S, Schema>> }
    : { readonly [Key in Name]: z.input<Extract<S, Schema>> };

/** What a client passes: only what the route takes. */
export type Given<C extends Contract> = Part<'params', C['params']> &
  Part<'query', C['query'], true> &
  Part<'body', C['body']>;

/**
 * Keeps the exact schema types. Free of side effects, so that pages carry only the contracts they use.
 * @__NO_SIDE_EFFECTS__
 */
export function contract<
  Params extends Shape | undefined = undefined,
  Query extends Shape | undefined = undefined,
  Body extends Schema | undefined = undefined,
  Reply extends Schema | undefined = undefined,
>(route: Contract<Params, Query, Body, Reply>): Contract<Params, Query, Body, Reply> {
  return route;
}

/** `GET /api/calls/:callId`: how the access table and the logs name a route. */
export const routeName = (route: Pick<Contract, 'method' | 'path'>): string =>
  `${route.method} ${route.path}`;
