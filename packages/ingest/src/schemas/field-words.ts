import { findZoneAbbreviation, findZoneClock } from '../time/time-zone.ts'

/** What a field's name says. */
export interface FieldWords {
  /**
   * Its words outside of brackets, in lower case and without accents, compounds and numbers in parts: `Ereignisdatum` is `ereignis`
   * and `datum`, `StartTime1` is `start`, `time` and `1`. A zone is none of them.
   */
  readonly words: readonly string[]
  /** Those in brackets, but for a zone. */
  readonly asides: readonly string[]
  /** The zone that it names, as `findZoneClock` takes it: `EST` of `Time (EST)`, `UTC+2` of `time_utc+2`. */
  readonly zone: string | undefined
}

/** Characters of a name that are looked at. */
const MAX_LENGTH = 200
const BRACKETS = /\(([^()]*)\)|\[([^[\]]*)\]/g
const UTC = /(?<![\p{L}\p{N}])(?:utc|gmt)(?: ?[+\-\u2212]\d{1,2}(?::?\d{2})?(?!\d))?(?!\p{L})/iu
/** Words that are written together with others, behind or in front of them. */
const HEADS = /^(.+?)(uhrzeit|zeit|time|tijd|tid|datum|date)$/
const TAILS = /^(uhr|zeit|time|date)(.+)$/

/** Takes a field's name apart. */
export function readFieldWords(name: string): FieldWords {
  const asides: string[] = []
  let zone: string | undefined
  const outside = name.slice(0, MAX_LENGTH).replace(BRACKETS, (_, round?: string, square?: string) => {
    const inside = (round ?? square ?? '').trim()
    const text = inside.replaceAll(' ', '')
    if (isZone(text)) zone ??= text
    else asides.push(...splitWords(inside))
    return ' '
  })
  const rest = partWords(outside).replace(UTC, (text) => {
    zone ??= text.replaceAll(' ', '').toUpperCase()
    return ' '
  })
  return { words: splitWords(rest), asides, zone }
}

/** The zone that the names of some fields tell: the last that does. */
export function findNamedZone(names: readonly string[]): string | undefined {
  return names.map((name) => readFieldWords(name).zone).findLast((zone) => zone !== undefined)
}

/** Zones as names have them: `EST`, `+02:00`, `UTC+1`, `Europe/Berlin`; a word that happens to be one is none. */
function isZone(text: string): boolean {
  if (text !== text.toUpperCase() && !text.includes('/')) return false
  const isLikely =
    findZoneAbbreviation(text) !== undefined ||
    /\/|^(?:UTC|GMT)?[+\-\u2212]\d{2}|^(?:UTC|GMT)[+\-\u2212]\d/.test(text)
  return isLikely && findZoneClock(text) !== undefined
}

function partWords(text: string): string {
  return text.replaceAll('_', ' ').replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
}

function splitWords(text: string): string[] {
  return partWords(text)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+|(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/u)
    .flatMap(splitCompound)
    .filter((word) => word !== '')
}

function splitCompound(word: string): string[] {
  const behind = HEADS.exec(word)
  if (behind) return [...splitCompound(behind[1]!), ...splitCompound(behind[2]!)]
  const before = TAILS.exec(word)
  return before ? before.slice(1) : [word]
}
