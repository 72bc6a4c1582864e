import { sql } from 'drizzle-orm';
import { check, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** What things cost: one row, the domain's `Prices` as JSON. */
export const prices = sqliteTable(
  'prices',
  {
    one: integer('one').primaryKey(),
    prices: text('prices').notNull(),
  },
  (table) => [
    check('prices_one', sql`${table.one} = 1`),
    check('prices_json', sql`json_type(${table.prices}) = 'object'`),
  ],
);

/** What may be spent in a month, and what was told of it: one row. Millionths of a US dollar, epoch ms. */
export const budget = sqliteTable(
  'budget',
  {
    one: integer('one').primaryKey(),
    /** Null: no limit. */
    monthMicros: integer('month_micros'),
    /** Of which month people were told last, and what. */
    toldMonthMs: integer('told_month_ms'),
    told: text('told', { enum: ['near', 'spent'] }),
  },
  (table) => [check('budget_one', sql`${table.one} = 1`)],
);
