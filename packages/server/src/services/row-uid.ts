import { createHash } from 'node:crypto'

/** What is known elsewhere by an id that has no number of ours in sight. */
export type RowUidKind = 'user' | 'api-key' | 'audit-entry' | 'timeline' | 'sketch'

const DIGITS = 32
/** The part that Threat Stack shows: it must hold the whole number. */
const SHORT_DIGITS = 24
const LARGEST = 0xfff_ffff

/**
 * The id of a row in the form that other platforms' APIs use: 32 hex digits that make a UUID (version 8 of RFC 9562, section
 * 5.8) of which the first 24 say it all. It is made of the row's number and stays the same.
 */
export function makeRowUid(kind: RowUidKind, id: number): string {
  if (!Number.isSafeInteger(id) || id < 0 || id > LARGEST)
    throw new RangeError(`A row's number is from 0 to ${LARGEST}; found ${id}`)
  return `${tagOf(kind)}000080008${id.toString(16).padStart(7, '0')}00000000`
}

/** The row's number; undefined for what is no id of that kind. Takes 24 or 32 digits, with dashes or without, in any case. */
export function readRowUid(kind: RowUidKind, text: string): number | undefined {
  const digits = text.replaceAll('-', '').toLowerCase()
  if (digits.length !== SHORT_DIGITS && digits.length !== DIGITS) return undefined
  const id = Number.parseInt(digits.slice(17, SHORT_DIGITS), 16)
  return Number.isNaN(id) || !makeRowUid(kind, id).startsWith(digits) ? undefined : id
}

/** The first 24 digits of an id, as Threat Stack shows ids. */
export function toShortUid(uid: string): string {
  return uid.replaceAll('-', '').slice(0, SHORT_DIGITS)
}

/** An id of 32 digits with the dashes of a UUID. */
export function toUuid(uid: string): string {
  const digits = uid.replaceAll('-', '')
  if (digits.length !== DIGITS) return digits
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${digits.slice(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`
}

function tagOf(kind: RowUidKind): string {
  return createHash('sha256').update(kind).digest('hex').slice(0, 8)
}
