import type { EventRef } from '../search/page.ts'
import { type SearchTemplate, toSearchTemplate } from '../search/search-template.ts'
import { readOwner } from '../users/user.ts'
import { readInstant } from '../wire/instant.ts'
import { readFlag, readId, readOptionalText, readRecords, readText, type WireRecord } from '../wire/record.ts'
import { readStatus } from '../wire/status.ts'

/** What somebody, or an analyzer, has concluded. */
export interface Conclusion {
  readonly id: number
  readonly text: string
  readonly author: string
  readonly isAutomated: boolean
  /** The facts it stands on. */
  readonly events: readonly EventRef[]
  readonly createdAt: string | undefined
}

/** One way of answering a question. */
export interface Approach {
  readonly id: number
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly searchTemplates: readonly SearchTemplate[]
}

/** A question of an investigation. */
export interface Question {
  readonly id: number
  readonly uuid: string
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly dfiqId: string | undefined
  /** new, pending-review, verified, rejected. */
  readonly status: string
  readonly labels: readonly string[]
  readonly approaches: readonly Approach[]
  readonly conclusions: readonly Conclusion[]
  readonly owner: string
}

export function toQuestion(record: WireRecord): Question {
  return {
    id: readId(record),
    uuid: readText(record, 'uuid'),
    name: readText(record, 'name'),
    displayName: readText(record, 'display_name'),
    description: readText(record, 'description'),
    dfiqId: readOptionalText(record, 'dfiq_identifier'),
    status: readStatus(record),
    labels: readRecords(record, 'labels').map((label) => readText(label, 'name')),
    approaches: readRecords(record, 'approaches').map(toApproach),
    conclusions: readRecords(record, 'conclusions').map(toConclusion),
    owner: readOwner(record).username,
  }
}

export function toConclusion(record: WireRecord): Conclusion {
  return {
    id: readId(record),
    text: readText(record, 'conclusion'),
    author: readOwner(record).username,
    isAutomated: readFlag(record, 'automated'),
    events: readRecords(record, 'conclusion_events').map((event) => ({
      id: readText(event, 'document_id'),
      index: readText(event, 'searchindex_name'),
    })),
    createdAt: readInstant(record, 'created_at'),
  }
}

function toApproach(record: WireRecord): Approach {
  return {
    id: readId(record),
    name: readText(record, 'name'),
    displayName: readText(record, 'display_name'),
    description: readText(record, 'description'),
    searchTemplates: readRecords(record, 'search_templates').map(toSearchTemplate),
  }
}
