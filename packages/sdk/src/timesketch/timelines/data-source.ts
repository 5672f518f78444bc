import { readOwner } from '../users/user.ts'
import { readInstant } from '../wire/instant.ts'
import { readId, readNumber, readOptionalText, readText, type WireRecord } from '../wire/record.ts'
import { readStatus } from '../wire/status.ts'

/** One upload into a timeline. */
export interface DataSource {
  readonly id: number
  readonly provider: string
  readonly context: string
  readonly dataLabel: string
  readonly originalFilename: string
  readonly fileSizeBytes: number
  /** Events or lines of the file, where the server has counted them. */
  readonly totalEvents: number
  /** queueing, processing, ready, fail. */
  readonly status: string
  /** What was left out, or why it failed. */
  readonly errorMessage: string | undefined
  readonly owner: string
  readonly createdAt: string | undefined
}

export function toDataSource(record: WireRecord): DataSource {
  return {
    id: readId(record),
    provider: readText(record, 'provider'),
    context: readText(record, 'context'),
    dataLabel: readText(record, 'data_label'),
    originalFilename: readText(record, 'original_filename'),
    fileSizeBytes: readNumber(record, 'file_size'),
    totalEvents: readNumber(record, 'total_file_events'),
    status: readStatus(record),
    errorMessage: readOptionalText(record, 'error_message'),
    owner: readOwner(record).username,
    createdAt: readInstant(record, 'created_at'),
  }
}
