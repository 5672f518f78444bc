import { invalid, notFound } from '../errors/domain-error.ts'

/** Digits and capitals without those that look like others. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 10
/** Digits of a uid that ten letters can hold. */
const HEX_DIGITS = 12

/** A short name for a thing with a uid of hex digits, made of its beginning: a prefix such as `AL` and ten letters or digits. */
export function makeShortId(prefix: string, uid: string): string {
  // 48 bits: exact as a number.
  let rest = Number.parseInt(uid.slice(0, HEX_DIGITS), 16)
  let letters = ''
  for (let place = 0; place < LENGTH; place++) {
    letters = ALPHABET[rest % 32]! + letters
    rest = Math.floor(rest / 32)
  }
  return prefix + letters
}

/** The first 12 hex digits of the uid that a short name was made of; undefined for what is none. In any case. */
export function readShortId(prefix: string, text: string): string | undefined {
  const letters = text.toUpperCase()
  if (letters.length !== prefix.length + LENGTH || !letters.startsWith(prefix)) return undefined
  let number = 0n
  for (const letter of letters.slice(prefix.length)) {
    const place = ALPHABET.indexOf(letter)
    if (place < 0) return undefined
    number = number * 32n + BigInt(place)
  }
  const digits = number.toString(16).padStart(HEX_DIGITS, '0')
  return digits.length === HEX_DIGITS ? digits : undefined
}

/** What is known by short names, by their prefixes. */
const NAMED = { AL: 'alert', CA: 'case', KC: 'kill chain' } as const

/** Whether a text has the form of a short name: that of another platform may have letters that ours never have. */
export function isShortId(prefix: string, text: string): boolean {
  return text.length === prefix.length + LENGTH && text.startsWith(prefix) && /^[\dA-Za-z]+$/.test(text)
}

/**
 * The beginning of a uid that an id names, be it a UUID or a short name.
 *
 * @throws {DomainError} `invalid` (`bad-id`) for what is neither, `not-found` for a short name that none of ours can have.
 */
export function readUidOrShortId(prefix: keyof typeof NAMED, text: string): string {
  const digits = readShortId(prefix, text) ?? text.replaceAll('-', '').toLowerCase()
  if (/^[0-9a-f]{6,32}$/.test(digits)) return digits
  if (isShortId(prefix, text)) throw notFound(NAMED[prefix], text)
  throw invalid(
    'bad-id',
    `A UUID, or ${prefix} and ten letters or digits, was expected; found ${JSON.stringify(text.slice(0, 64))}.`,
  )
}
