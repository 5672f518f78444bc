import type { ExactJson } from '../../transport/exact-json.ts'
import { type SketchAttribute, toAttributes } from '../attributes/attributes.ts'
import { type Timeline, toTimeline } from '../timelines/timeline.ts'
import { readOwner } from '../users/user.ts'
import { readMeta, readObject } from '../wire/envelope.ts'
import { readInstant } from '../wire/instant.ts'
import { readLabels } from '../wire/labels.ts'
import {
  readFlag,
  readId,
  readJsonText,
  readNumber,
  readRecord,
  readRecords,
  readText,
  readTexts,
  toTexts,
  type WireRecord,
} from '../wire/record.ts'
import { readStatus } from '../wire/status.ts'

/** A sketch as a list shows it. */
export interface SketchSummary {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly status: string
  readonly createdAt: string | undefined
  readonly lastActivity: string | undefined
}

/** What a user may do with a sketch: read, write, delete. */
export type Permission = 'read' | 'write' | 'delete'

/** A sketch with what is in it. */
export interface SketchDetail extends SketchSummary {
  readonly labels: readonly string[]
  readonly timelines: readonly Timeline[]
  /** Those of them that are searched. */
  readonly activeTimelineIds: readonly number[]
  /** Permissions of each `user/<name>` and `group/<name>`. */
  readonly acl: Readonly<Record<string, readonly string[]>>
  readonly isPublic: boolean
  /** Permissions of who is signed in; `admin` among them for administrators. */
  readonly myPermissions: readonly string[]
  readonly collaborators: { readonly users: readonly string[]; readonly groups: readonly string[] }
  readonly attributes: readonly SketchAttribute[]
  /** Fields of its events, with the type the datastore gave them. */
  readonly fields: readonly { readonly name: string; readonly type: string }[]
  /** Labels on its events, and on how many. */
  readonly eventLabels: readonly { readonly label: string; readonly count: number }[]
  readonly eventCountByTimeline: Readonly<Record<string, number>>
  readonly supportsWildcards: boolean
  readonly updatedAt: string | undefined
  /** Everything the server said beside the sketch: aggregators, emojis, saved searches … */
  readonly meta: WireRecord
}

export function toSketchSummary(record: WireRecord): SketchSummary {
  const status = record['status']
  return {
    id: readId(record),
    name: readText(record, 'name'),
    description: readText(record, 'description'),
    owner: readText(record, 'user') || readOwner(record).username,
    status: typeof status === 'string' ? status : readStatus(record),
    createdAt: readInstant(record, 'created_at'),
    lastActivity: readInstant(record, 'last_activity'),
  }
}

export function toSketchDetail(answer: ExactJson): SketchDetail {
  const record = readObject(answer)
  const meta = readMeta(answer)
  const { is_public: isPublic, ...acl } = toRecord(readJsonText(record, 'all_permissions'))
  const collaborators = readRecord(meta, 'collaborators')
  const counts = Object.entries(readRecord(meta, 'stats_per_timeline'))
  return {
    ...toSketchSummary(record),
    lastActivity: readInstant(meta, 'last_activity'),
    labels: readLabels(record),
    timelines: readRecords(record, 'timelines').map(toTimeline),
    activeTimelineIds: readRecords(record, 'active_timelines').map((timeline) => readId(timeline)),
    acl: Object.fromEntries(Object.entries(acl).map(([who, permissions]) => [who, toTexts(permissions)])),
    isPublic: isPublic === true,
    myPermissions: toTexts(readJsonText(record, 'my_permissions')),
    collaborators: { users: readTexts(collaborators, 'users'), groups: readTexts(collaborators, 'groups') },
    attributes: toAttributes(readRecord(meta, 'attributes')),
    fields: readRecords(meta, 'mappings').map((field) => ({
      name: readText(field, 'field'),
      type: readText(field, 'type'),
    })),
    eventLabels: readRecords(meta, 'filter_labels').map((one) => ({
      label: readText(one, 'label'),
      count: readNumber(one, 'count'),
    })),
    eventCountByTimeline: Object.fromEntries(
      counts.map(([id, stats]) => [id, readNumber(toRecord(stats), 'count')]),
    ),
    supportsWildcards: readFlag(meta, 'supports_wildcard'),
    updatedAt: readInstant(record, 'updated_at'),
    meta,
  }
}

function toRecord(value: ExactJson | undefined): WireRecord {
  return readRecord({ value: value ?? null }, 'value')
}
