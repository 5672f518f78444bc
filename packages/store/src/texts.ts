/**
 * What looks at texts and sets of rows, without the store: threads that need no more start in a fraction of the time.
 */
export { type AnyTypeTest, compileAnyTypeTest } from './engines/duckdb/ask/match/any-type-test.ts'
export { someValue, someValueAt } from './engines/duckdb/ask/match/source-values.ts'
export { Turns } from './engines/duckdb/ask/turns.ts'
export { visitPackedSources } from './engines/duckdb/sources/visit-packed-sources.ts'
export { LiteralAutomaton } from './text/automata/literal-automaton.ts'
export { LineCache } from './text/line-cache.ts'
export { NumberCache } from './text/number-cache.ts'
export { type PlainRows, RowSet } from './text/terms/row-set.ts'
export { RowSetBuilder } from './text/terms/row-set-builder.ts'
