import * as z from 'zod/mini';
import { AtMs, Count, Id } from '../primitives.ts';
import { contract } from './contract.ts';

const tag = 'Costs';

const MonthMicros = z.nullable(z.int().check(z.minimum(0), z.maximum(1_000_000_000_000)));
const BudgetReply = z.object({
  /** Null: no limit. */
  monthMicros: MonthMicros,
  /** By calls that ended this month, by UTC. */
  spentMicros: Count,
  monthBeganAtMs: AtMs,
});

export const getBudget = contract({
  method: 'GET',
  path: '/api/budget',
  summary: 'What may be spent in a month and what was, in millionths of a US dollar',
  tag,
  status: 200,
  reply: BudgetReply,
});
export const setBudget = contract({
  method: 'PUT',
  path: '/api/budget',
  summary:
    'Change what may be spent in a month: at four fifths people are told, at the whole campaigns pause',
  tag,
  body: z.strictObject({ monthMicros: MonthMicros }),
  status: 200,
  reply: BudgetReply,
});

const Ms = z.nullable(z.number());
export const getSpeed = contract({
  method: 'GET',
  path: '/api/speed',
  summary:
    "How fast each agent answered in the last 2,000 calls of seven days: end of the customer's speech to its first sound",
  tag,
  status: 200,
  reply: z.object({
    profiles: z.array(
      z.object({
        profile: Id,
        calls: Count,
        turns: Count,
        p50Ms: Ms,
        p95Ms: Ms,
        p99Ms: Ms,
        costMicros: Count,
      }),
    ),
  }),
});
