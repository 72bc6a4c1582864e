import { AsyncLocalStorage } from 'node:async_hooks';
import type { Env } from '../../durable-objects/env.ts';
import * as product from '../../worker/index.ts';
import type { Counts, ObjectCounts, ObjectName } from '../cost/counts.ts';
import { emptyCounts } from '../cost/counts.ts';

/**
 * Stands before the product's Worker in the cost bench and nowhere else: counts what Cloudflare bills for. `/bench/counts`
 * answers with everything since the start.
 */
const counts: Counts = emptyCounts();
/** Whose turn it is, through every await and timer that follows from it. */
const meters = new AsyncLocalStorage<AwakeMeter>();

/** Milliseconds in which an object had anything to do or a timer to wait for, and so could not hibernate. */
class AwakeMeter {
  readonly #counts: ObjectCounts;
  #busy = 0;
  #sinceMs = 0;

  constructor(counts: ObjectCounts) {
    this.#counts = counts;
  }

  begin(): void {
    if (this.#busy++ === 0) this.#sinceMs = Date.now();
  }

  end(): void {
    if (--this.#busy === 0) this.#counts.awakeMs += Date.now() - this.#sinceMs;
  }

  /** Runs a handler or a request; the object is awake until its promise is settled. */
  run<T>(work: () => T): T {
    this.begin();
    let result: T;
    try {
      result = meters.run(this, work);
    } catch (error) {
      this.end();
      throw error;
    }
    if (!(result instanceof Promise)) {
      this.end();
      return result;
    }
    return result.finally(() => this.end()) as T;
  }
}

const plainSetTimeout = globalThis.setTimeout;
const plainClearTimeout = globalThis.clearTimeout;
const running = new Map<unknown, AwakeMeter>();
globalThis.setTimeout = ((work: () => void, delayMs?: number) => {
  const meter = meters.getStore();
  const timer = plainSetTimeout(() => {
    work();
    stopped(timer);
  }, delayMs);
  if (meter !== undefined) {
    meter.begin();
    running.set(timer, meter);
  }
  return timer;
}) as typeof globalThis.setTimeout;
globalThis.clearTimeout = ((timer: number) => {
  plainClearTimeout(timer);
  stopped(timer);
}) as typeof globalThis.clearTimeout;

function stopped(timer: unknown): void {
  running.get(timer)?.end();
  running.delete(timer);
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type ObjectClass = new (ctx: DurableObjectState, env: Env) => any;

/** The object's class with everything that comes in counted; what it does to its storage is counted in `watch`. */
function counted<C extends ObjectClass>(Base: C, name: ObjectName): C {
  const into = counts[name];
  const meterOf = new WeakMap<object, AwakeMeter>();
  const Counted = class extends (Base as ObjectClass) {
    constructor(ctx: DurableObjectState, env: Env) {
      watch(ctx, into);
      super(ctx, countedEnv(env));
      meterOf.set(this, new AwakeMeter(into));
    }
  };
  for (const method of Object.getOwnPropertyNames(Base.prototype)) {
    if (method === 'constructor') continue;
    const original = Base.prototype[method] as ((...args: unknown[]) => unknown) | undefined;
    if (typeof original !== 'function') continue;
    Object.defineProperty(Counted.prototype, method, {
      value(this: object, ...args: unknown[]) {
        if (method === 'webSocketMessage') into.messages++;
        else if (method === 'alarm') into.alarms++;
        else if (!method.startsWith('webSocket')) into.requests++;
        return meterOf.get(this)?.run(() => original.apply(this, args));
      },
    });
  }
  return Counted as C;
}

/** Rows as the runtime itself counts them; a `setAlarm` and a `kv.put` are billed as one row each. */
function watch(ctx: DurableObjectState, into: ObjectCounts): void {
  const { storage } = ctx;
  const { sql, kv } = storage;
  const exec = sql.exec.bind(sql);
  sql.exec = ((query: string, ...bindings: unknown[]) => {
    const cursor = exec(query, ...bindings);
    // A schema is made once an object and then found again.
    into.sqlRows += cursor.rowsWritten;
    return cursor;
  }) as typeof sql.exec;
  const put = kv.put.bind(kv);
  kv.put = (key: string, value: unknown) => {
    into.kvRows++;
    put(key, value);
  };
  const setAlarm = storage.setAlarm.bind(storage);
  storage.setAlarm = (...args: Parameters<typeof setAlarm>) => {
    into.alarmRows++;
    return setAlarm(...args);
  };
}

function countedEnv(env: Env): Env {
  return { ...env, DB: countedDatabase(env.DB), ARCHIVE: countedBucket(env.ARCHIVE) };
}

function countedDatabase(database: D1Database): D1Database {
  return new Proxy(database, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (name !== 'batch') return typeof value === 'function' ? value.bind(target) : value;
      return async (statements: D1PreparedStatement[]) => {
        const results = await target.batch(statements);
        for (const each of results) counts.d1Rows += each.meta.rows_written;
        return results;
      };
    },
  });
}

function countedBucket(bucket: R2Bucket): R2Bucket {
  return new Proxy(bucket, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== 'function') return value;
      if (name === 'put') counts.r2ClassA++;
      return value.bind(target);
    },
  });
}

export const Board = counted(product.Board, 'board');
export const CallRoom = counted(product.CallRoom, 'callRoom');
export const Fleet = counted(product.Fleet, 'fleet');
/** Asked for by a few events a call: uncounted. */
export const { Notices, WebhookDesk } = product;

export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    if (new URL(request.url).pathname === '/bench/counts') return Response.json(counts);
    counts.workerRequests++;
    return product.default.fetch(request, env, ctx);
  },
};
