import { notFound } from '../../../errors/domain-error.ts'
import { makeRowUid, type RowUidKind, readRowUid, toUuid } from '../../../services/row-uid.ts'

/** The UUID by which the API knows a row of ours. */
export function writeRowId(kind: RowUidKind, id: number): string {
  return toUuid(makeRowUid(kind, id))
}

/** The number of a row that a UUID names. @throws {DomainError} `not-found`. */
export function requireRowId(kind: RowUidKind, what: string, uuid: string): number {
  const id = readRowUid(kind, uuid)
  if (id === undefined) throw notFound(what, uuid.slice(0, 64))
  return id
}
