import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readOwner } from '../users/user.ts'
import { readObject } from '../wire/envelope.ts'
import { readInstant } from '../wire/instant.ts'
import { readId, readText, type WireRecord } from '../wire/record.ts'
import { readQuestion, type SearchQuestion, toFilter } from './question.ts'

/** A search that is kept in a sketch. */
export interface SavedSearch {
  readonly id: number
  readonly name: string
  readonly description: string
  /** 'System' for what an analyzer has made. */
  readonly owner: string
  readonly question: SearchQuestion
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
}

export function toSavedSearch(record: WireRecord): SavedSearch {
  return {
    id: readId(record),
    name: readText(record, 'name'),
    description: readText(record, 'description'),
    owner: readOwner(record).username,
    question: readQuestion(record),
    createdAt: readInstant(record, 'created_at'),
    updatedAt: readInstant(record, 'updated_at'),
  }
}

/**
 * Stores a question: a new one, or in the place of one with an id. A server keeps the description only when there is an id, so a
 * new one with a description is stored twice.
 */
export async function saveQuestion(
  connection: Connection,
  sketchId: number,
  saved: { id?: number; name: string; description?: string },
  question: SearchQuestion,
  options?: CallOptions,
): Promise<SavedSearch> {
  const { id, name, description = '' } = saved
  const body = {
    name,
    description,
    query: question.query ?? '',
    filter: {
      ...toFilter(question),
      ...(question.fields ? { fields: question.fields.map((field) => ({ field, type: 'text' })) } : {}),
    },
    dsl: question.dsl ?? '',
    labels: '[]',
  }
  const place = path`/sketches/${sketchId}/views/`
  const to = id === undefined ? place : place + path`${id}/`
  const stored = toSavedSearch(readObject(await connection.post(to, body, options)))
  if (id !== undefined || description === '' || stored.description === description) return stored
  return await saveQuestion(connection, sketchId, { id: stored.id, name, description }, question, options)
}
