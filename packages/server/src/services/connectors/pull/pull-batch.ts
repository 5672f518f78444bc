import type { PlatformRecord } from '@timeskein/ingest/platforms'
import type { PullCounts } from '../connector-service.ts'
import type { AsideItem } from './put-aside.ts'

/** An item that is stored, or brought up to date, with the next commit. */
export interface BatchItem {
  readonly id: string
  readonly hash: string
  /** As the platform gave it, in one line. */
  readonly json: string
  /** What that says, where it is at hand: it is not kept with a batch. */
  readonly record?: PlatformRecord
  /** Its event, where it has one. */
  readonly eventId?: string
}

/** What the platform says of an item. */
export function recordOf({ record, json }: BatchItem): PlatformRecord {
  return record ?? (JSON.parse(json) as PlatformRecord)
}

/** What becomes of items. */
export const BATCH_PARTS = ['fresh', 'changed', 'moved'] as const
export type BatchPart = (typeof BATCH_PARTS)[number]

/** Items of one sort. */
export interface BatchGroup {
  /** Name of the sort. */
  readonly kind: string
  readonly fresh: readonly BatchItem[]
  readonly changed: readonly BatchItem[]
  /** Of which only what moves all the time is new: no event of theirs changes. */
  readonly moved: readonly BatchItem[]
}

/**
 * What a pull is about to store: kept in the database until it is stored, so that a pull which ends at any moment is completed by the
 * next one, from here, whatever the platform says then.
 */
export interface PullBatch {
  /** The store's id of the transaction of its events. */
  readonly importId: string
  readonly groups: readonly BatchGroup[]
  /** Items that are not stored as the others are. */
  readonly aside: readonly AsideItem[]
  /** Names of items of the groups, as `nameItem` makes them, that are events and nothing else. */
  readonly eventsOnly: readonly string[]
  /** Stream -> where it goes on, of those that have come further. */
  readonly cursors: StreamCursors
  readonly counts: PullCounts
}

/** Stream -> where it goes on. */
export type StreamCursors = Readonly<Record<string, StreamCursor>>

/** Where a stream goes on. */
export interface StreamCursor {
  /** All is read up to this moment, ISO 8601, as the platform's items say; undefined where none has said a time. */
  readonly upTo?: string | undefined
  /** When it was last read to its end, by the clock of this machine: for what is read now and then only. */
  readonly readAt?: string | undefined
  /** Where it was begun, ISO 8601: nothing before that is looked at. Undefined where that is the beginning, or was not kept. */
  readonly since?: string | undefined
}
