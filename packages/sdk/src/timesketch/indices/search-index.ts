import { toUser, type User } from '../users/user.ts'
import { readInstant } from '../wire/instant.ts'
import { readLabels } from '../wire/labels.ts'
import { readNumber, readRecord, readText, type WireRecord } from '../wire/record.ts'
import { readStatus } from '../wire/status.ts'

/** An index of the datastore; several timelines may share one. */
export interface SearchIndex {
  /** 0 where the server shows only the name. */
  readonly id: number
  readonly name: string
  readonly description: string
  /** Its name in the datastore, as events carry it. */
  readonly indexName: string
  /** ready, processing, fail, timeout, archived, deleted. */
  readonly status: string
  readonly labels: readonly string[]
  readonly owner: User
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
}

export function toSearchIndex(record: WireRecord): SearchIndex {
  return {
    id: readNumber(record, 'id'),
    name: readText(record, 'name'),
    description: readText(record, 'description'),
    indexName: readText(record, 'index_name'),
    status: readStatus(record),
    labels: readLabels(record),
    owner: toUser(readRecord(record, 'user')),
    createdAt: readInstant(record, 'created_at'),
    updatedAt: readInstant(record, 'updated_at'),
  }
}
