export type { ApiKey, AuthService, Session } from './auth/auth-service.ts'
export type { KeyScope, Principal } from './auth/principal.ts'
export { mountSkein } from './dialects/skein/mount-skein.ts'
export { makeOpenApi } from './dialects/skein/openapi.ts'
export { listRoutes } from './dialects/skein/routes.ts'
export { mountTimesketch } from './dialects/timesketch/mount.ts'
export {
  conflict,
  DomainError,
  type DomainErrorKind,
  forbidden,
  invalid,
  isDomainError,
  notFound,
} from './errors/domain-error.ts'
export type { RouteDeclaration, RoutePermission } from './http/app-types.ts'
export { type AppOptions, createApp, type MountDialect, type ServerApp } from './http/create-app.ts'
export { parseTrustedProxies, type TrustedProxies } from './http/forwarded.ts'
export type {
  ImportInput,
  ImportJob,
  ImportProgress,
  ImportReading,
  ImportRequest,
  ImportService,
  ImportStatus,
  StartedImport,
} from './import/import-service.ts'
export { type PreviewOptions, previewEvidence } from './import/preview-evidence.ts'
export { inspectDataDirectory } from './inspect-data-directory.ts'
export { type Listening, type ListenOptions, listen } from './listen.ts'
export { createLogger } from './log.ts'
export { openSystem } from './open-system.ts'
export type { AccessService, GrantChange, Grants, Permission } from './services/access-service.ts'
export {
  toApiKeyRow,
  toApiMarkReport,
  toApiOperation,
  toApiSketch,
  toApiTimeline,
  toApiUser,
} from './services/api-rows.ts'
export type { AuditEntry, AuditService } from './services/audit-service.ts'
export type { Change, ChangeFeed } from './services/change-feed.ts'
export type { DataSource, DataSourceService } from './services/data-source-service.ts'
export { diagnose } from './services/diagnose.ts'
export {
  countOverTime,
  countValues,
  type TimeHistogram,
  type TopValues,
} from './services/event-aggregations.ts'
export type { EventService } from './services/event-service.ts'
export type { EventView } from './services/event-view.ts'
export { explainQuestion } from './services/explain-question.ts'
export type {
  ExploreOptions,
  ExploreQuestion,
  ExploreRequest,
  ExploreResult,
  ExploreService,
  ScrollPage,
  TimelineSelection,
} from './services/explore-service.ts'
export { type MarkWish, type MarkWishKind, markEvents } from './services/mark-events.ts'
export type {
  Comment,
  MarkKind,
  MarkOperationRecord,
  MarkOptions,
  MarkResult,
  MarkService,
  MarkTarget,
} from './services/mark-service.ts'
export { nameTimelines } from './services/name-timelines.ts'
export { writeOwnJson } from './services/own-json.ts'
export {
  prepareMarkTarget,
  prepareQuestion,
  readQuestion,
  type TypedQuestion,
} from './services/read-question.ts'
export type { SearchIndex, SearchIndexService } from './services/search-index-service.ts'
export type { Services } from './services/services.ts'
export type { Sketch, SketchListScope, SketchPage, SketchService } from './services/sketch-service.ts'
export type { Timeline, TimelineService, TimelineStats } from './services/timeline-service.ts'
export type { User, UserService } from './services/user-service.ts'
export type { RecoveryNote, System, SystemOptions } from './system.ts'
export { VERSION } from './version.ts'
