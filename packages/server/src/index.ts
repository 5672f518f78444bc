export { toNavigatorLayer } from '@timeskein/analyze'
export type { ReadableFormat } from '@timeskein/ingest'
export type { ApiKey, AuthService, Session } from './auth/auth-service.ts'
export type { KeyScope, Principal } from './auth/principal.ts'
export { isDataDirectory } from './data-paths.ts'
export { ALL_DIALECTS } from './dialects/all-dialects.ts'
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
export { requireReachablePort } from './http/blocked-ports.ts'
export { type AppOptions, createApp, type MountDialect, type ServerApp } from './http/create-app.ts'
export { parseTrustedProxies, type TrustedProxies } from './http/forwarded.ts'
export { requireFreePort } from './http/free-port.ts'
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
export { listFormats } from './import/input/list-formats.ts'
export { openPipe } from './import/input/open-pipe.ts'
export { packFolder } from './import/input/pack-folder.ts'
export { type PreviewOptions, previewEvidence } from './import/input/preview-evidence.ts'
export { readFormatters } from './import/input/read-formatters.ts'
export { inspectDataDirectory } from './inspect-data-directory.ts'
export { type Listening, type ListenOptions, listen } from './listen.ts'
export { createLogger } from './log.ts'
export { openSystem } from './open-system.ts'
export type { AccessService, GrantChange, Grants, Permission } from './services/access/access-service.ts'
export type { Alert, AlertDraft, AlertFilter, AlertService } from './services/alerts/alert-service.ts'
export {
  toApiAuditEntry,
  toApiKeyRow,
  toApiMarkReport,
  toApiOperation,
  toApiSketch,
  toApiTimeline,
  toApiUser,
} from './services/api-rows.ts'
export type { AuditEntry, AuditFilter, AuditService } from './services/audit/audit-service.ts'
export { readAudit } from './services/audit/read-audit.ts'
export type { Change, ChangeFeed } from './services/changes/change-feed.ts'
export {
  readNewConnector,
  readPullStart,
  toApiConnector,
  toApiRejects,
} from './services/connectors/connector-api-rows.ts'
export type {
  Connector,
  ConnectorService,
  ConnectorStatus,
  NewConnector,
  PullOptions,
  PullProgress,
  PullReport,
} from './services/connectors/connector-service.ts'
export {
  readApiAlert,
  readApiIncident,
  readApiRule,
  readNewSuppression,
  readPolicyChange,
  toApiAlert,
  toApiIncident,
  toApiPolicy,
  toApiRule,
  toApiRuleAdditions,
  toApiSuppression,
} from './services/detection-api-rows.ts'
export type {
  DetectionRequest,
  DetectionRun,
  DetectionService,
} from './services/detections/detection-service.ts'
export { toApiRuleProblem } from './services/detections/to-report.ts'
export { diagnose } from './services/diagnose.ts'
export type { EventService } from './services/events/event-service.ts'
export type { EventView } from './services/events/event-view.ts'
export { writeOwnJson } from './services/events/own-json.ts'
export {
  countOverTime,
  countValues,
  type TimeHistogram,
  type TopValues,
} from './services/explore/event-aggregations.ts'
export { explainQuestion } from './services/explore/explain-question.ts'
export type {
  ExploreOptions,
  ExploreQuestion,
  ExploreRequest,
  ExploreResult,
  ExploreService,
  ScrollPage,
  TimelineSelection,
} from './services/explore/explore-service.ts'
export {
  prepareMarkTarget,
  prepareQuestion,
  prepareSelection,
  readQuestion,
  type TypedQuestion,
} from './services/explore/read-question.ts'
export { readDecision, readFindingWish } from './services/findings/read-finding-wish.ts'
export type { Incident, IncidentService, IncidentWithAlerts } from './services/incidents/incident-service.ts'
export { type MarkWish, type MarkWishKind, markEvents } from './services/marks/mark-events.ts'
export type {
  Comment,
  MarkKind,
  MarkOperationRecord,
  MarkOptions,
  MarkResult,
  MarkService,
  MarkTarget,
} from './services/marks/mark-service.ts'
export type { Policy, PolicyChange, PolicyService } from './services/policies/policy-service.ts'
export { MAX_RULE_FILE_BYTES, readRuleArchive } from './services/rules/read-rule-archive.ts'
export type {
  AddOptions,
  Rule,
  RuleAdditions,
  RuleFilter,
  RuleKind,
  RuleOrigin,
  RuleService,
  RuleText,
  RuleVersion,
  RuleWithText,
} from './services/rules/rule-service.ts'
export type { SearchIndex, SearchIndexService } from './services/search-indexes/search-index-service.ts'
export type { Services } from './services/services.ts'
export type {
  Sketch,
  SketchListScope,
  SketchPage,
  SketchService,
} from './services/sketches/sketch-service.ts'
export type { DataSource, DataSourceService } from './services/timelines/data-source-service.ts'
export { nameTimelines } from './services/timelines/name-timelines.ts'
export type { Timeline, TimelineService, TimelineStats } from './services/timelines/timeline-service.ts'
export type { User, UserService } from './services/users/user-service.ts'
export type { RecoveryNote, System, SystemOptions } from './system.ts'
export { VERSION } from './version.ts'
