import {
  readFlag,
  readNumber,
  readOptionalText,
  readRecord,
  readRecords,
  readText,
  type WireRecord,
} from '../wire/record.ts'

/** A user as others see them. */
export interface User {
  /** 0 for the owner of something whose owner is gone. */
  readonly id: number
  /** 'System' for what analyzers and templates made. */
  readonly username: string
  readonly name: string
  readonly email: string | undefined
  readonly isAdmin: boolean
  readonly isActive: boolean
  readonly groups: readonly string[]
}

export function toUser(record: WireRecord): User {
  return {
    id: readNumber(record, 'id'),
    username: readText(record, 'username') || 'System',
    name: readText(record, 'name'),
    email: readOptionalText(record, 'email'),
    isAdmin: readFlag(record, 'admin'),
    isActive: readFlag(record, 'active'),
    groups: readRecords(record, 'groups').map((group) => readText(group, 'name')),
  }
}

/** The owner of an object. */
export function readOwner(record: WireRecord): User {
  return toUser(readRecord(record, 'user'))
}
