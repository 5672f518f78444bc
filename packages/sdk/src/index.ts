export type {
  ElementsAuditEntry,
  ElementsDetection,
  ElementsDevice,
  ElementsIncident,
  ElementsIncidentResolution,
  ElementsIncidentStatus,
  ElementsIncidentUpdate,
  ElementsInvitation,
  ElementsMissingUpdate,
  ElementsOperation,
  ElementsOperationName,
  ElementsOrganization,
  ElementsProfile,
  ElementsResponseAction,
  ElementsResponseDraft,
  ElementsResponseTask,
  ElementsSecurityEvent,
  ElementsStartedOperation,
  ElementsTargetResult,
  EngineGroup,
  EventCountKey,
} from '@timeskein/model/elements'
export type {
  ThreatStackAgent,
  ThreatStackAgentV2,
  ThreatStackAlert,
  ThreatStackAlertDetail,
  ThreatStackAlertV2,
  ThreatStackAuditRecord,
  ThreatStackDismissReason,
  ThreatStackLog,
  ThreatStackMember,
  ThreatStackOrganization,
  ThreatStackPolicy,
  ThreatStackPolicyDetail,
  ThreatStackRule,
  ThreatStackRuleDraft,
  ThreatStackRuleset,
  ThreatStackRuleTags,
  ThreatStackS3Export,
  ThreatStackServer,
  ThreatStackUser,
  ThreatStackVulnerability,
} from '@timeskein/model/threatstack'
export { ELEMENTS_URL, type ElementsOptions } from './elements/connection.ts'
export type {
  DeviceChange as ElementsDeviceChange,
  DeviceFilter as ElementsDeviceFilter,
} from './elements/devices.ts'
export { Elements } from './elements/elements.ts'
export type { IncidentFilter as ElementsIncidentFilter } from './elements/incidents.ts'
export type { ResponseActionFilter as ElementsResponseActionFilter } from './elements/response-actions.ts'
export type { SecurityEventFilter } from './elements/security-events.ts'
export { AnswerError, isAnswerError } from './errors/answer-error.ts'
export { ApiError, isApiError } from './errors/api-error.ts'
export { ConfigError, isConfigError } from './errors/config-error.ts'
export { ConnectionError, isConnectionError } from './errors/connection-error.ts'
export { FileError, isFileError } from './errors/file-error.ts'
export { ImportError, isImportError } from './errors/import-error.ts'
export { isJobError, JobError } from './errors/job-error.ts'
export { isLineLimitError, LineLimitError } from './errors/line-limit-error.ts'
export { isSignInError, SignInError } from './errors/sign-in-error.ts'
export { isTimeLimitError, TimeLimitError } from './errors/time-limit-error.ts'
export type { FileAccess } from './files/file-access.ts'
export { type CursorStore, memoryCursor } from './paging/cursor-store.ts'
export { Listing, type Page } from './paging/listing.ts'
export { Poll, type PollBatch, type PollOptions } from './paging/poll.ts'
export { readRisingWindows, type WindowPage, type WindowPlan } from './paging/rising-windows.ts'
export {
  type DurationInput,
  readDuration,
  readTimeMs,
  type TimeInput,
  type TimeRange,
  toTimestamp,
} from './paging/time-input.ts'
export type { AlertFilter as SekoiaAlertFilter, SekoiaAlerts } from './sekoia/alerts/alerts.ts'
export type { CaseFilter as SekoiaCaseFilter, SekoiaCases } from './sekoia/alerts/cases.ts'
export type { RuleFilter as SekoiaRuleFilter, SekoiaRules } from './sekoia/catalogue/rules.ts'
export type {
  ListFilter as SekoiaListFilter,
  ListOptions as SekoiaListOptions,
} from './sekoia/connection/list-options.ts'
export { SEKOIA_REGIONS, type SekoiaAddresses, type SekoiaRegion } from './sekoia/connection/regions.ts'
export type { EventSearchOptions } from './sekoia/events/search-events.ts'
export type { SekoiaSearchJobs } from './sekoia/events/search-jobs.ts'
export type { SekoiaAssets } from './sekoia/intakes/assets.ts'
export type { SekoiaEntities, SekoiaIntakes } from './sekoia/intakes/configuration.ts'
export type { PushedEvent, PushOptions, SekoiaPush } from './sekoia/intakes/push.ts'
export type { MakeSocket } from './sekoia/live/socket.ts'
export type { QueryRow, QueryRunOptions, SekoiaQueries } from './sekoia/queries/queries.ts'
export { Sekoia, type SekoiaOptions } from './sekoia/sekoia.ts'
export type { SekoiaCommunities } from './sekoia/workspace/workspace.ts'
export type { Connectors } from './skein/connectors.ts'
export type { Detections } from './skein/detections.ts'
export type { AlertShapes, FindingPage, Findings, IncidentShapes } from './skein/findings.ts'
export type { RuleFile, RuleFilter, Rules } from './skein/rules.ts'
export { type CallOptions, type ImportParameters, SkeinClient } from './skein/skein-client.ts'
export type { ArrowCodec, ArrowTable } from './table/arrow.ts'
export type { ParquetCodec } from './table/parquet.ts'
export type { ListOptions as ThreatStackListOptions } from './threatstack/v1/resource.ts'
export { THREAT_STACK_URL, ThreatStack, type ThreatStackOptions } from './threatstack/v1/threat-stack.ts'
export type { AlertFilter as ThreatStackAlertFilter, Dismissal } from './threatstack/v2/alerts.ts'
export {
  type AgentFilter as ThreatStackAgentFilter,
  THREAT_STACK_V2_URL,
  ThreatStackV2,
  type ThreatStackV2Options,
} from './threatstack/v2/threat-stack-v2.ts'
export type {
  AggregationGroup,
  AggregationGroupDraft,
  AggregationGroupResult,
  Orientation,
} from './timesketch/aggregations/aggregation-groups.ts'
export type { AggregationQuestion, AggregationResult } from './timesketch/aggregations/aggregation-result.ts'
export type { AggregationDraft } from './timesketch/aggregations/aggregations.ts'
export type { AggregatorInfo } from './timesketch/aggregations/aggregators.ts'
export {
  type ChartOptions,
  joinChartSpecs,
  makeChartSpec,
  type VegaLiteSpec,
} from './timesketch/aggregations/chart-spec.ts'
export type { SavedAggregation } from './timesketch/aggregations/saved-aggregation.ts'
export type { Analysis } from './timesketch/analyzers/analysis.ts'
export type { AnalysisSession, AnalyzerInfo, AnalyzerRun } from './timesketch/analyzers/analyzers.ts'
export type { Indicator, SketchAttribute } from './timesketch/attributes/attributes.ts'
export {
  changeRcFile,
  DEFAULT_SECTION,
  parseRcFile,
  type RcSections,
} from './timesketch/config/rc-file.ts'
export {
  AUTH_MODES,
  type AuthMode,
  type CliSettings,
  findMissing,
  type MissingSetting,
  readCliSettings,
  readServerSettings,
  type ServerSettings,
  toRcValues,
} from './timesketch/config/settings.ts'
export {
  decryptTokenFile,
  encryptTokenFile,
  generateCredentialKey,
  type StoredCredentials,
} from './timesketch/config/token-file.ts'
export type { EventComment } from './timesketch/events/event-comment.ts'
export type { EventDetail, EventDraft, Events, MarkReport } from './timesketch/events/events.ts'
export type {
  Graph,
  GraphDetail,
  GraphDraft,
  GraphElements,
  GraphPlugin,
} from './timesketch/graphs/graphs.ts'
export { type EventTime, readEventTime } from './timesketch/import/event-time.ts'
export type {
  ImportAccount,
  ImportCheckpoint,
  ImportProgress,
  Reject,
} from './timesketch/import/import-account.ts'
export type { CsvImportOptions, ImportOptions, TextImportOptions } from './timesketch/import/imports.ts'
export {
  BUILT_IN_LOG_FORMATS,
  chooseLogFormat,
  type FormatOptions,
  type LogFormat,
} from './timesketch/import/log-formats.ts'
export { type LogText, readColumns } from './timesketch/import/read-columns.ts'
export type { FileCheckpoint, SendFileOptions } from './timesketch/import/send-file.ts'
export type { TextSource } from './timesketch/import/source-text.ts'
export type { EventRules, ImportRow } from './timesketch/import/to-event.ts'
export type { SearchIndex } from './timesketch/indices/search-index.ts'
export type { SearchIndexDetail } from './timesketch/indices/search-indices.ts'
export type { DfiqTemplate } from './timesketch/scenarios/dfiq-template.ts'
export type { Approach, Conclusion, Question } from './timesketch/scenarios/question.ts'
export type { QuestionChange } from './timesketch/scenarios/questions.ts'
export type { Facet, Scenario } from './timesketch/scenarios/scenarios.ts'
export {
  activate,
  type Chip,
  type ChipTime,
  commented,
  dateInterval,
  dateRange,
  deactivate,
  exclude,
  type IntervalUnit,
  include,
  label,
  optional,
  readDateInterval,
  readDateRange,
  starred,
  term,
} from './timesketch/search/chips.ts'
export type { EventRef, FoundEvent, SearchPage } from './timesketch/search/page.ts'
export { EMPTY_QUESTION, MAX_PAGE_SIZE, type SearchQuestion } from './timesketch/search/question.ts'
export type { SavedSearch } from './timesketch/search/saved-search.ts'
export type { Search, TableOptions } from './timesketch/search/search.ts'
export type { SearchNode } from './timesketch/search/search-history.ts'
export type { SearchTemplate } from './timesketch/search/search-template.ts'
export { FILE_FORMATS, type FileFormat, type FileTarget } from './timesketch/search/write-events.ts'
export type { SigmaRule } from './timesketch/sigma/sigma-rules.ts'
export type { Auth } from './timesketch/sign-in/auth.ts'
export { type DeviceFlow, startDeviceFlow } from './timesketch/sign-in/device-flow.ts'
export { type InstalledAppFlow, startInstalledAppFlow } from './timesketch/sign-in/installed-app-flow.ts'
export {
  areTokensOver,
  DEFAULT_SCOPES,
  type OAuthClient,
  type OAuthTokens,
} from './timesketch/sign-in/oauth-tokens.ts'
export { fetchServiceToken, type ServiceAccountKey } from './timesketch/sign-in/service-account.ts'
export { refreshTokens } from './timesketch/sign-in/token-request.ts'
export type { DataFinding } from './timesketch/sketches/data-finder.ts'
export type { Grant } from './timesketch/sketches/sharing.ts'
export type { Sketch } from './timesketch/sketches/sketch.ts'
export type { Permission, SketchDetail, SketchSummary } from './timesketch/sketches/sketch-detail.ts'
export type { SketchListOptions, SketchScope } from './timesketch/sketches/sketches.ts'
export type { Story } from './timesketch/stories/stories.ts'
export {
  aggregationBlock,
  aggregationGroupBlock,
  type StoryBlock,
  savedSearchBlock,
  textBlock,
} from './timesketch/stories/story-blocks.ts'
export type { Task } from './timesketch/tasks.ts'
export type { DataSource } from './timesketch/timelines/data-source.ts'
export type { Timeline } from './timesketch/timelines/timeline.ts'
export type { TimelineDetail } from './timesketch/timelines/timelines.ts'
export { type ConnectOptions, Timesketch } from './timesketch/timesketch.ts'
export type { User } from './timesketch/users/user.ts'
export type { WireRecord } from './timesketch/wire/record.ts'
export { type ExactJson, stringifyExactJson } from './transport/exact-json.ts'
export type { TransportOptions } from './transport/transport.ts'
