export {
  type SekoiaAlert,
  type SekoiaAlertChange,
  type SekoiaAlertComment,
  type SekoiaCommentDraft,
  type SekoiaWorkflow,
  sekoiaAlertChangeSchema,
  sekoiaAlertCommentSchema,
  sekoiaAlertHistorySchema,
  sekoiaAlertSchema,
  sekoiaCommentDraftSchema,
  sekoiaWorkflowChangeSchema,
  sekoiaWorkflowSchema,
} from './alert.ts'
export {
  SEKOIA_ALERT_ACTIONS,
  SEKOIA_ALERT_STATUSES,
  type SekoiaAlertAction,
  type SekoiaAlertStatus,
} from './alert-workflow.ts'
export {
  SEKOIA_ASSET_TYPES,
  type SekoiaAsset,
  type SekoiaAssetDraft,
  type SekoiaAssetV1,
  sekoiaAssetAttributeSchema,
  sekoiaAssetDraftSchema,
  sekoiaAssetSchema,
  sekoiaAssetV1Schema,
} from './asset.ts'
export {
  SEKOIA_CASE_PRIORITIES,
  type SekoiaCase,
  type SekoiaCaseChange,
  type SekoiaCaseComment,
  type SekoiaCaseDraft,
  sekoiaCaseChangeSchema,
  sekoiaCaseCommentSchema,
  sekoiaCaseDraftSchema,
  sekoiaCaseSchema,
} from './case.ts'
export {
  type SekoiaEntity,
  type SekoiaEntityDraft,
  type SekoiaFormat,
  type SekoiaIntake,
  type SekoiaIntakeDraft,
  sekoiaEntityDraftSchema,
  sekoiaEntitySchema,
  sekoiaFormatDraftSchema,
  sekoiaFormatSchema,
  sekoiaGenerationModeSchema,
  sekoiaIntakeChangeSchema,
  sekoiaIntakeDraftSchema,
  sekoiaIntakeSchema,
} from './configuration.ts'
export {
  type SekoiaPushedEvent,
  sekoiaEventIdSchema,
  sekoiaEventIdsSchema,
  sekoiaPushedBatchSchema,
  sekoiaPushedEventSchema,
} from './intake-events.ts'
export { type SekoiaKillChain, sekoiaKillChainSchema } from './kill-chain.ts'
export {
  type SekoiaNotification,
  sekoiaNotificationSchema,
} from './live.ts'
export {
  SEKOIA_AUTHOR_TYPES,
  type SekoiaPageShape,
  sekoiaAuthorshipSchema,
  sekoiaAuthorTypeSchema,
  sekoiaPageSchema,
  sekoiaReferenceSchema,
  sekoiaRefusalSchema,
} from './page.ts'
export {
  SEKOIA_RULE_TYPES,
  type SekoiaRule,
  type SekoiaRuleDraft,
  sekoiaAlertTypeSchema,
  sekoiaRuleDraftSchema,
  sekoiaRuleSchema,
} from './rule.ts'
export {
  SEKOIA_JOB_STATUSES,
  type SekoiaEvent,
  type SekoiaEventField,
  type SekoiaExport,
  type SekoiaExportDraft,
  type SekoiaSearchJob,
  type SekoiaSearchJobDraft,
  type SekoiaTask,
  sekoiaEventFieldSchema,
  sekoiaEventFilterSchema,
  sekoiaEventSchema,
  sekoiaExportDraftSchema,
  sekoiaExportSchema,
  sekoiaSearchJobDraftSchema,
  sekoiaSearchJobSchema,
  sekoiaTaskSchema,
} from './search-job.ts'
export {
  type SekoiaQueryRun,
  type SekoiaQueryRunDraft,
  type SekoiaSavedQuery,
  type SekoiaSavedQueryDraft,
  sekoiaQueryDefinitionSchema,
  sekoiaQueryRunDraftSchema,
  sekoiaQueryRunSchema,
  sekoiaQueryRunStartSchema,
  sekoiaSavedQueryDraftSchema,
  sekoiaSavedQuerySchema,
} from './sol-query.ts'
export {
  type SekoiaStatistics,
  type SekoiaStatisticsRequest,
  sekoiaStatisticsRequestSchema,
  sekoiaStatisticsSchema,
} from './statistics.ts'
export {
  type SekoiaCommunity,
  type SekoiaInvitation,
  type SekoiaInvitationDraft,
  type SekoiaMe,
  type SekoiaRole,
  type SekoiaToken,
  type SekoiaUser,
  sekoiaCommunitySchema,
  sekoiaInvitationDraftSchema,
  sekoiaInvitationSchema,
  sekoiaMeSchema,
  sekoiaRoleSchema,
  sekoiaTokenSchema,
  sekoiaUserSchema,
} from './workspace.ts'
