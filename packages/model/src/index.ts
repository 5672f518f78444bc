export {
  type Column,
  type ColumnKind,
  type EventBatch,
  type ImportProfile,
  listBatchBuffers,
} from './event-batch.ts'
export { countDays, formatIsoTime } from './event-time.ts'
export { EVENT_FIELDS, type EventMarks, type StoredEvent } from './event.ts'
export { type FileAccount, fileAccountSchema, REJECT_REASONS, type Reject, type RejectReason } from './import-account.ts'
