import { readOwner } from '../users/user.ts'
import { readInstant } from '../wire/instant.ts'
import { readNumber, readText, type WireRecord } from '../wire/record.ts'

/** What somebody has written beside an event. */
export interface EventComment {
  readonly id: number
  readonly text: string
  readonly author: string
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
}

export function toEventComment(record: WireRecord): EventComment {
  return {
    id: readNumber(record, 'id'),
    text: readText(record, 'comment'),
    author: readOwner(record).username,
    createdAt: readInstant(record, 'created_at'),
    updatedAt: readInstant(record, 'updated_at'),
  }
}
