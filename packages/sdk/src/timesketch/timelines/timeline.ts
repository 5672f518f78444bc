import { type SearchIndex, toSearchIndex } from '../indices/search-index.ts'
import { readOwner } from '../users/user.ts'
import { readInstant } from '../wire/instant.ts'
import { readLabels } from '../wire/labels.ts'
import { readId, readRecord, readRecords, readText, type WireRecord } from '../wire/record.ts'
import { readStatus } from '../wire/status.ts'
import { type DataSource, toDataSource } from './data-source.ts'

/** Events of one origin in a sketch. */
export interface Timeline {
  readonly id: number
  readonly name: string
  readonly description: string
  /** Six hex digits. */
  readonly color: string
  /** new, processing, ready, fail, archived, deleted. */
  readonly status: string
  readonly labels: readonly string[]
  readonly index: SearchIndex
  readonly dataSources: readonly DataSource[]
  readonly owner: string
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
}

export function toTimeline(record: WireRecord): Timeline {
  return {
    id: readId(record),
    name: readText(record, 'name'),
    description: readText(record, 'description'),
    color: readText(record, 'color'),
    status: readStatus(record),
    labels: readLabels(record),
    index: toSearchIndex(readRecord(record, 'searchindex')),
    dataSources: readRecords(record, 'datasources').map(toDataSource),
    owner: readOwner(record).username,
    createdAt: readInstant(record, 'created_at'),
    updatedAt: readInstant(record, 'updated_at'),
  }
}
