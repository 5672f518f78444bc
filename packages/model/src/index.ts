export {
  type ApiAlert,
  type ApiAlertDetail,
  type ApiFindingDecision,
  type ApiFindingFilter,
  type ApiIncident,
  type ApiIncidentDetail,
  alertDetailSchema,
  alertSchema,
  alertsAnswerSchema,
  deviceListParametersSchema,
  deviceSchema,
  devicesAnswerSchema,
  FINDING_RESOLUTIONS,
  FINDING_STATUSES,
  findingCommentSchema,
  findingDecisionSchema,
  findingListParametersSchema,
  incidentDetailSchema,
  incidentSchema,
  incidentsAnswerSchema,
  newSuppressionSchema,
  suppressionSchema,
  suppressionsAnswerSchema,
} from './api/alert.ts'
export {
  type ApiAuditEntry,
  type ApiAuditFilter,
  type ApiAuditPage,
  auditAnswerSchema,
  auditEntrySchema,
  auditParametersSchema,
  MAX_AUDIT_ENTRIES,
} from './api/audit.ts'
export {
  type ApiDetectionReport,
  type ApiDetectRequest,
  detectionReportSchema,
  detectionRunsAnswerSchema,
  detectionSettingsSchema,
  detectRequestSchema,
} from './api/detection.ts'
export {
  type ApiImportJob,
  type ApiImportPreview,
  type ApiImportProgress,
  filePreviewSchema,
  importJobSchema,
  importParametersSchema,
  importPreviewSchema,
  importsAnswerSchema,
  previewRowSchema,
} from './api/import.ts'
export {
  type ApiMarkReport,
  type ApiMarkRequest,
  type ApiOperation,
  markReportSchema,
  markRequestSchema,
  operationSchema,
  operationsAnswerSchema,
  takeBackRequestSchema,
} from './api/mark.ts'
export {
  type ApiAsks,
  type ApiDerived,
  type ApiQuestion,
  type ApiSearchLine,
  type ApiSearchRequest,
  bucketSchema,
  countAnswerSchema,
  eventSchema,
  explainAnswerSchema,
  explainRequestSchema,
  exportRequestSchema,
  fieldSchema,
  fieldsAnswerSchema,
  histogramAnswerSchema,
  histogramRequestSchema,
  MAX_SEARCH_PAGE,
  MAX_TOP_VALUES,
  questionSchema,
  rowsAnswerSchema,
  rowsRequestSchema,
  searchLineSchema,
  searchRequestSchema,
  sortSchema,
  timeBucketSchema,
  topAnswerSchema,
  topRequestSchema,
} from './api/question.ts'
export {
  type ApiPolicy,
  type ApiRule,
  type ApiRuleAdditions,
  type ApiRuleDetail,
  type ApiRuleProblem,
  newPolicySchema,
  policyChangeSchema,
  policySchema,
  ruleAdditionsSchema,
  ruleChangeSchema,
  ruleDetailSchema,
  ruleFileSchema,
  ruleListParametersSchema,
  ruleProblemSchema,
  ruleSchema,
  rulesAnswerSchema,
} from './api/rule.ts'
export {
  type ApiSketch,
  type ApiTimeline,
  newSketchSchema,
  sketchChangeSchema,
  sketchSchema,
  timelineChangeSchema,
  timelineSchema,
} from './api/sketch.ts'
export {
  type ApiFinding,
  type ApiProblem,
  doneSchema,
  findingSchema,
  findingsAnswerSchema,
  problemSchema,
  versionSchema,
} from './api/system.ts'
export {
  type ApiKeyRow,
  type ApiUser,
  apiKeySchema,
  createdApiKeySchema,
  keyScopeSchema,
  loginSchema,
  newApiKeySchema,
  newUserSchema,
  passwordSchema,
  sessionSchema,
  userSchema,
} from './api/user.ts'
export { escapeCsvCell, formatCsvHeader, formatCsvLine, quoteCsvCell } from './csv-line.ts'
export { EVENT_FIELDS, type EventMarks, type StoredEvent } from './event.ts'
export {
  type Column,
  type ColumnKind,
  type EventBatch,
  type ImportProfile,
  listBatchBuffers,
} from './event-batch.ts'
export { nameColumns, OTHER_FIELDS, spreadFields } from './event-table/event-columns.ts'
export { createFullCsv, createPickedCsv, type EventCsv } from './event-table/event-csv.ts'
export {
  type FlatEvent,
  ROW_NAMES,
  readField,
  renameOwn,
  toCellText,
  visitFields,
} from './event-table/event-fields.ts'
export { countDays, formatIsoTime } from './event-time.ts'
export { FIELD_MAP_EXAMPLE, type ParsedFieldMap, parseFieldMap } from './field-map.ts'
export {
  type FileAccount,
  fileAccountSchema,
  REASONS_SUFFIX,
  REJECT_REASONS,
  type RefusedFile,
  type Reject,
  type RejectReason,
  refusedFileSchema,
} from './import-account.ts'
export { joinMembers, splitElements, splitMembers } from './json-members.ts'
export { nameTimelineAfter } from './name-timeline.ts'
