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
