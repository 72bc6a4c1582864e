import * as z from 'zod/mini';

/** What the fuzzer found wrong with one operation. */
export interface Finding {
  readonly operation: string;
  readonly principal: string;
  readonly what: string;
}

/** The part of the fuzzer's JSON report that decides. */
const ReportSchema = z.object({
  complete: z.boolean(),
  test_cases: z.object({ generated: z.int(), errored: z.int() }),
  failures: z.array(z.looseObject({})),
  errors: z.array(z.looseObject({ title: z.string(), count: z.int() })),
});

/** @throws Error for a report that is not whole: a fuzzer that broke off has proven nothing. */
export function readReport(text: string, principal: string): { cases: number; findings: Finding[] } {
  const report = z.parse(ReportSchema, JSON.parse(text));
  if (!report.complete) throw new Error('the fuzzer broke off: see its output.log');
  const failures = report.failures.map((each) => ({
    operation: String(each.operation ?? each.label ?? '?'),
    principal,
    what: JSON.stringify(each).slice(0, 2_000),
  }));
  const errors = report.errors.map((each) => ({
    operation: '(the description itself)',
    principal,
    what: JSON.stringify(each).slice(0, 2_000),
  }));
  return { cases: report.test_cases.generated, findings: [...failures, ...errors] };
}
