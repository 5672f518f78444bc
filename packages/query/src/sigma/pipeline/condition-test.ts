import type { ConditionTest } from './pipeline.ts'

/** Whether conditions hold; no conditions always do. */
export function holds<Condition>(
  test: ConditionTest<Condition> | undefined,
  ask: (condition: Condition) => boolean,
): boolean {
  if (!test) return true
  switch (test.kind) {
    case 'one':
      return ask(test.condition)
    case 'and':
      return test.of.every((part) => holds(part, ask))
    case 'or':
      return test.of.some((part) => holds(part, ask))
    case 'not':
      return !holds(test.of, ask)
  }
}
