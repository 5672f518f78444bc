export { type AnyTypeTest, compileAnyTypeTest } from './engines/duckdb/ask/match/any-type-test.ts'
export { compileEventTest, type EventTest } from './engines/duckdb/ask/match/event-test.ts'
export { someValue, someValueAt } from './engines/duckdb/ask/match/source-values.ts'
export { formatEventId } from './engines/duckdb/ask/page/event-id.ts'
export { Turns } from './engines/duckdb/ask/turns.ts'
export { openDuckDbStore } from './engines/duckdb/open-store.ts'
export type { DuckDbStoreOptions } from './engines/duckdb/writing-store.ts'
export type {
  CountRequest,
  Cursor,
  EventStore,
  FieldInfo,
  ImportTarget,
  ImportTransaction,
  IndexInfo,
  MarkOperation,
  MarkOutcome,
  QueryOptions,
  ScanRequest,
  Scope,
  SearchProgress,
  SearchRequest,
  SearchResult,
  StoreCapabilities,
  StoreFinding,
  TimelineInfo,
} from './event-store.ts'
export type { PreparedSegment, SourceBlock } from './prepared-segment.ts'
export { isStoreError, StoreError, type StoreErrorCode } from './store-error.ts'
export { LiteralAutomaton } from './text/automata/literal-automaton.ts'
export { compileRegexpTest } from './text/automata/regexp-test.ts'
export { RowSet } from './text/terms/row-set.ts'
export { RowSetBuilder } from './text/terms/row-set-builder.ts'
export { uniteRows } from './text/terms/unite-rows.ts'
export type {
  IndexReading,
  PackedBlock,
  PackedSources,
  RowRange,
  SourceBytes,
  TimelineRun,
  ValueBatch,
  ValueColumn,
  ValueGroups,
  ValueKind,
  ValueReading,
  VisitSource,
  WordBounds,
  WordQuestion,
} from './value-reading.ts'
