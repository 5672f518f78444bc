import { COLON, COMMA, isDigit, isLetter, POINT, type TextCursor } from './text-cursor.ts'

/** The clock time in the text of a time. */
export class TextClock {
  readonly #cursor: TextCursor
  /** Whole seconds since midnight. */
  seconds = 0
  /** 0 to 999,999,999 nanoseconds more. */
  nanos = 0

  constructor(cursor: TextCursor) {
    this.#cursor = cursor
  }

  /** Back to midnight. */
  clear(): void {
    this.seconds = 0
    this.nanos = 0
  }

  /** `15`, `15:04`, `15:04:05.123`, `1504`, `150405`, `3:04:05 PM`; `15:04.5` is half a minute more. */
  take(): boolean {
    const count = this.#cursor.countDigits()
    if (count !== 1 && count !== 2 && count !== 4 && count !== 6)
      return this.#cursor.fail('expected a clock time')
    const isBasic = count > 2
    this.#cursor.takeNumber(2)
    const hour = this.#cursor.value
    let minute = 0
    let second = 0
    let unit = 3600
    if (isBasic || this.#cursor.peek() === COLON) {
      if (!isBasic) this.#cursor.at++
      if (!this.#cursor.takeNumber(2) || this.#cursor.digits !== 2)
        return this.#cursor.fail('expected two digits of minutes')
      minute = this.#cursor.value
      unit = 60
      if (count === 6 || (!isBasic && this.#cursor.peek() === COLON)) {
        if (!isBasic) this.#cursor.at++
        if (!this.#cursor.takeNumber(2)) return this.#cursor.fail('expected seconds')
        second = this.#cursor.value
        unit = 1
      }
    }
    if (hour > 24) return this.#cursor.fail(`hour ${hour} is not 0 to 24`)
    if (minute > 59) return this.#cursor.fail(`minute ${minute} is not 0 to 59`)
    if (second > 60) return this.#cursor.fail(`second ${second} is not 0 to 60`)
    if (hour === 24 && (minute > 0 || second > 0)) return this.#cursor.fail('hour 24 is only midnight')
    this.seconds = hour * 3600 + minute * 60 + second
    this.#takeFraction(unit)
    return this.#takeHalfDay(hour)
  }

  #takeFraction(unit: number): void {
    const mark = this.#cursor.peek()
    const next = this.#cursor.bytes[this.#cursor.at + 1]
    const isMillis = mark === COLON && unit === 1
    if (
      !(mark === POINT || mark === COMMA || isMillis) ||
      this.#cursor.at + 1 >= this.#cursor.end ||
      !isDigit(next!)
    )
      return
    this.#cursor.at++
    let nanos = 0
    let scale = 100_000_000
    for (
      ;
      this.#cursor.at < this.#cursor.end && isDigit(this.#cursor.bytes[this.#cursor.at]!);
      this.#cursor.at++
    ) {
      nanos += (this.#cursor.bytes[this.#cursor.at]! - 0x30) * scale
      scale = Math.floor(scale / 10)
    }
    const total = nanos * unit
    this.seconds += Math.floor(total / 1e9)
    this.nanos = total % 1e9
  }

  #takeHalfDay(hour: number): boolean {
    const before = this.#cursor.at
    this.#cursor.skipSpaces()
    const letter = this.#cursor.peek() | 0x20
    let at = this.#cursor.at + 1
    if (this.#cursor.bytes[at] === POINT) at++
    const isHalfDay =
      (letter === 0x61 || letter === 0x70) &&
      at < this.#cursor.end &&
      (this.#cursor.bytes[at]! | 0x20) === 0x6d
    if (!isHalfDay || (at + 1 < this.#cursor.end && isLetter(this.#cursor.bytes[at + 1]!))) {
      this.#cursor.at = before
      return true
    }
    this.#cursor.at = at + 1
    this.#cursor.skip(POINT)
    if (hour < 1 || hour > 12)
      return this.#cursor.fail(`hour ${hour} is not 1 to 12, as ${letter === 0x61 ? 'AM' : 'PM'} wants`)
    if (letter === 0x70 && hour < 12) this.seconds += 12 * 3600
    if (letter === 0x61 && hour === 12) this.seconds -= 12 * 3600
    return true
  }
}
