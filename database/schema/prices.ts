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
