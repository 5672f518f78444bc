import { invalid } from '../errors/domain-error.ts'

/** Digits and capitals without those that look like others. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 10
/** Digits of a uid that ten letters can hold. */
const HEX_DIGITS = 12

/** A short name for a thing with a uid of hex digits, made of its beginning: a prefix such as `AL` and ten letters or digits. */
export function makeShortId(prefix: string, uid: string): string {
  let rest = BigInt(`0x${uid.slice(0, HEX_DIGITS)}`)
  let letters = ''
  for (let place = 0; place < LENGTH; place++) {
    letters = ALPHABET[Number(rest % 32n)]! + letters
    rest /= 32n
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

/**
 * The beginning of a uid that an id names, be it a UUID or a short name.
 *
 * @throws {DomainError} `invalid` (`bad-id`) for what is neither.
 */
export function readUidOrShortId(prefix: string, text: string): string {
  const digits = readShortId(prefix, text) ?? text.replaceAll('-', '').toLowerCase()
  if (!/^[0-9a-f]{6,32}$/.test(digits))
    throw invalid(
      'bad-id',
      `A UUID, or ${prefix} and ten letters or digits, was expected; found ${JSON.stringify(text.slice(0, 64))}.`,
    )
  return digits
}
