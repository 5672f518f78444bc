import { COLON, isLetter, MINUS, PLUS, type TextCursor } from './text-cursor.ts'
import { findZoneAbbreviation, findZoneClock, type ZoneClock } from './time-zone.ts'

/** More names than zones exist; beyond it names are not asked for, since asking is slow and names are anybody's. */
const MAX_REMEMBERED_ZONES = 1000

/** The zone in the text of a time. */
export class TextZone {
  readonly #cursor: TextCursor
  readonly #zones = new Map<string, ZoneClock | undefined>()
  /** Seconds east of UTC, where the text says so. */
  offset: number | undefined
  /** The zone's clock, where the text names an IANA zone. */
  clock: ZoneClock | undefined

  constructor(cursor: TextCursor) {
    this.#cursor = cursor
  }

  /** Back to no zone. */
  clear(): void {
    this.offset = undefined
    this.clock = undefined
  }

  /**
   * Nothing, `Z`, an offset, an abbreviation, or an IANA name; and what may stand behind an offset to explain it.
   *
   * @param isMail - One letter is a zone that says nothing, so UTC (RFC 5322, section 4.3).
   */
  take(isMail = false): boolean {
    this.#cursor.skipSpaces()
    const next = this.#cursor.peek()
    if (next === PLUS || next === MINUS) {
      if (!this.#takeOffset()) return false
      return this.#skipZoneComment()
    }
    if (next === 0x28 || next === 0x5b) return this.#takeBracketedZone()
    if (!isLetter(next)) return true
    const name = this.#cursor.takeZoneName()
    if (isMail && name.length === 1) {
      this.offset = 0
      return this.#skipZoneComment()
    }
    const isUtc = name === 'UTC' || name === 'GMT'
    if (isUtc && (this.#cursor.peek() === PLUS || this.#cursor.peek() === MINUS))
      return this.#takeOffset() && this.#skipZoneComment()
    return this.#setZone(name) && this.#skipZoneComment()
  }

  #takeOffset(): boolean {
    const isWest = this.#cursor.peek() === MINUS
    this.#cursor.at++
    const count = this.#cursor.countDigits()
    let hours = 0
    let minutes = 0
    let seconds = 0
    if (count === 4 || count === 6) {
      this.#cursor.takeNumber(2)
      hours = this.#cursor.value
      this.#cursor.takeNumber(2)
      minutes = this.#cursor.value
      if (count === 6) {
        this.#cursor.takeNumber(2)
        seconds = this.#cursor.value
      }
    } else if (count === 1 || count === 2) {
      this.#cursor.takeNumber(2)
      hours = this.#cursor.value
      for (let part = 0; part < 2 && this.#cursor.peek() === COLON; part++) {
        this.#cursor.at++
        if (!this.#cursor.takeNumber(2)) return this.#cursor.fail('expected digits in the zone offset')
        if (part === 0) minutes = this.#cursor.value
        else seconds = this.#cursor.value
      }
    } else return this.#cursor.fail('expected a zone offset like +02:00')
    if (hours > 18 || minutes > 59 || seconds > 59)
      return this.#cursor.fail('the zone offset is beyond 18 hours')
    const offset = hours * 3600 + minutes * 60 + seconds
    this.offset = isWest ? -offset : offset
    return true
  }

  /**
   * `(PDT)` of mail, `(Central European Standard Time)` of JavaScript, `[Europe/Berlin]` of Java, ` UTC m=+0.01` of Go: the offset before
   * them counts.
   */
  #skipZoneComment(): boolean {
    this.#cursor.skipSpaces()
    const next = this.#cursor.peek()
    if (next === 0x28 || next === 0x5b) {
      const closing = this.#cursor.bytes.indexOf(next === 0x28 ? 0x29 : 0x5d, this.#cursor.at)
      if (closing < 0 || closing >= this.#cursor.end) return this.#cursor.fail('a bracket is not closed')
      this.#cursor.at = closing + 1
    } else if (isLetter(next)) {
      const name = this.#cursor.takeZoneName()
      if (name !== 'm' && findZoneAbbreviation(name) === undefined)
        return this.#cursor.fail(`unexpected text ${JSON.stringify(name)}`)
      this.#cursor.skipSpaces()
      if (name === 'm' || this.#cursor.peek() === 0x6d) this.#cursor.at = this.#cursor.end
    }
    return true
  }

  #takeBracketedZone(): boolean {
    const closing = this.#cursor.bytes.indexOf(this.#cursor.peek() === 0x28 ? 0x29 : 0x5d, this.#cursor.at)
    if (closing < 0 || closing >= this.#cursor.end) return this.#cursor.fail('a bracket is not closed')
    this.#cursor.at++
    const name = this.#cursor.takeZoneName()
    if (this.#cursor.at !== closing) return this.#cursor.fail('unexpected text in brackets')
    this.#cursor.at++
    return this.#setZone(name)
  }

  #setZone(name: string): boolean {
    const offset = findZoneAbbreviation(name)
    if (offset !== undefined) {
      this.offset = offset
      return true
    }
    let zone = this.#zones.get(name)
    if (zone === undefined && !this.#zones.has(name)) {
      const isAskable = name.includes('/') && this.#zones.size < MAX_REMEMBERED_ZONES
      zone = isAskable ? findZoneClock(name) : undefined
      if (isAskable) this.#zones.set(name, zone)
    }
    if (zone === undefined) return this.#cursor.fail(`the zone ${JSON.stringify(name)} is not known`)
    this.clock = zone
    return true
  }
}
