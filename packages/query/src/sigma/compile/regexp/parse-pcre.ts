import {
  type CodePointRange,
  DIGITS,
  invertRanges,
  MAX_CODE_POINT,
  WORD,
} from '../../../lucene/code-points.ts'
import { SigmaError } from '../../problem.ts'
import type { RegexpFlags } from '../../rule/value.ts'
import { ANY, type Assertion, foldRanges, NEWLINE, type PcreNode, SPACES, uniteRanges } from './pcre-node.ts'

/** A regular expression as it was read. */
export interface ParsedPcre {
  readonly node: PcreNode
  /** Letters stood under the flag `i`. */
  readonly hasUncased: boolean
  /** Letters stood outside of it. */
  readonly hasCased: boolean
}

const MAX_NESTING = 100

const CONTROL: Readonly<Record<string, number>> = {
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  f: 0x0c,
  v: 0x0b,
  a: 0x07,
  e: 0x1b,
}
const CLASSES: Readonly<Record<string, readonly CodePointRange[]>> = {
  d: DIGITS,
  w: WORD,
  s: SPACES,
  h: [
    [0x09, 0x09],
    [0x20, 0x20],
    [0xa0, 0xa0],
  ],
}
const ASSERTIONS: Readonly<Record<string, Assertion['at']>> = {
  A: 'start',
  z: 'end',
  Z: 'end-or-newline',
  b: 'boundary',
  B: 'no-boundary',
}
const UPPER: CodePointRange = [0x41, 0x5a]
const LOWER: CodePointRange = [0x61, 0x7a]
const POSIX: Readonly<Record<string, readonly CodePointRange[]>> = {
  alpha: [UPPER, LOWER],
  digit: DIGITS,
  alnum: [DIGITS[0]!, UPPER, LOWER],
  upper: [UPPER],
  lower: [LOWER],
  space: SPACES,
  blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  punct: [
    [0x21, 0x2f],
    [0x3a, 0x40],
    [0x5b, 0x60],
    [0x7b, 0x7e],
  ],
  xdigit: [DIGITS[0]!, [0x41, 0x46], [0x61, 0x66]],
  word: WORD,
  cntrl: [
    [0x00, 0x1f],
    [0x7f, 0x7f],
  ],
  print: [[0x20, 0x7e]],
  graph: [[0x21, 0x7e]],
}

/**
 * Reads a regular expression in PCRE's syntax, as far as it is regular: no back references, no looking around, no atomic groups.
 * Lazy repetitions match what greedy ones do.
 *
 * @param foldsCase - Letters under the flag `i` become sets of both cases.
 * @throws {SigmaError} `bad-rule` where it has no meaning, `unsupported` where it cannot be run in linear time.
 */
export function parsePcre(pattern: string, flags: RegexpFlags, foldsCase: boolean): ParsedPcre {
  return new PcreParser(pattern, flags, foldsCase).parse()
}

class PcreParser {
  readonly #pattern: string
  readonly #foldsCase: boolean
  #flags: RegexpFlags
  #at = 0
  #depth = 0
  #hasUncased = false
  #hasCased = false

  constructor(pattern: string, flags: RegexpFlags, foldsCase: boolean) {
    this.#pattern = pattern
    this.#flags = flags
    this.#foldsCase = foldsCase
  }

  parse(): ParsedPcre {
    const node = this.#parseUnion()
    if (this.#at < this.#pattern.length) throw this.#mistake('the end')
    return { node, hasUncased: this.#hasUncased, hasCased: this.#hasCased }
  }

  #parseUnion(): PcreNode {
    if (++this.#depth > MAX_NESTING)
      throw this.#unsupported(`more than ${MAX_NESTING} groups within each other`)
    const of = [this.#parseSequence()]
    while (this.#take('|')) of.push(this.#parseSequence())
    this.#depth--
    return of.length === 1 ? of[0]! : { kind: 'union', of }
  }

  #parseSequence(): PcreNode {
    const of: PcreNode[] = []
    while (this.#at < this.#pattern.length && !this.#peeks('|') && !this.#peeks(')')) {
      const atom = this.#parseAtom()
      if (atom) of.push(this.#parseRepeats(atom))
    }
    return of.length === 1 ? of[0]! : { kind: 'sequence', of }
  }

  #parseRepeats(atom: PcreNode): PcreNode {
    let node = atom
    for (let count = 0; ; count++) {
      const bounds = this.#parseBounds()
      if (!bounds) return node
      if (count > 0) throw this.#mistake('one repetition')
      if (this.#take('+')) throw this.#unsupported('a possessive repetition')
      this.#take('?')
      node = { kind: 'repeat', of: node, ...bounds }
    }
  }

  #parseBounds(): { least: number; most: number | undefined } | undefined {
    if (this.#take('*')) return { least: 0, most: undefined }
    if (this.#take('+')) return { least: 1, most: undefined }
    if (this.#take('?')) return { least: 0, most: 1 }
    const found = /^\{(\d{1,6})(?:(,)(\d{1,6})?)?\}|^\{,(\d{1,6})\}/.exec(
      this.#pattern.slice(this.#at, this.#at + 20),
    )
    if (!found) return undefined
    const [text, low, comma, high, only] = found
    const least = Number(low ?? 0)
    const most = only !== undefined ? Number(only) : comma === undefined ? least : high && Number(high)
    if (typeof most === 'number' && most < least)
      throw this.#mistake('a repetition from a lower to a higher number')
    this.#at += text.length
    return { least, most: typeof most === 'number' ? most : undefined }
  }

  /** Undefined for what only changes flags. */
  #parseAtom(): PcreNode | undefined {
    if (this.#take('(')) return this.#parseGroup()
    if (this.#take('[')) return this.#set(this.#parseClass())
    if (this.#take('.')) return { kind: 'set', ranges: this.#flags.s ? ANY : invertRanges(NEWLINE) }
    if (this.#take('^')) return { kind: 'assertion', at: this.#flags.m ? 'line-start' : 'start' }
    if (this.#take('$')) return { kind: 'assertion', at: this.#flags.m ? 'line-end' : 'end-or-newline' }
    if (this.#peeks('*') || this.#peeks('+') || this.#peeks('?')) throw this.#mistake('something to repeat')
    if (this.#take('\\')) return this.#parseEscape()
    return this.#literal(this.#takeCharacter())
  }

  #parseGroup(): PcreNode | undefined {
    const outside = this.#flags
    if (this.#take('?')) {
      if (this.#peeks('=') || this.#peeks('!')) throw this.#unsupported('looking ahead')
      if (this.#startsWith('<=') || this.#startsWith('<!')) throw this.#unsupported('looking behind')
      if (this.#peeks('>')) throw this.#unsupported('an atomic group')
      if (this.#peeks('(') || this.#peeks('R') || this.#peeks('&') || this.#peeks('|'))
        throw this.#unsupported('a conditional, recursive or branch reset group')
      if (this.#take('#')) {
        const end = this.#pattern.indexOf(')', this.#at)
        if (end < 0) throw this.#mistake('")" after a comment')
        this.#at = end + 1
        return undefined
      }
      const name = /^(?:P?<[A-Za-z_]\w*>|'[A-Za-z_]\w*')/.exec(this.#pattern.slice(this.#at))
      if (name) this.#at += name[0].length
      else if (this.#parseFlags()) return undefined
    }
    const node = this.#parseUnion()
    if (!this.#take(')')) throw this.#mistake('")"')
    this.#flags = outside
    return node
  }

  /** True for `(?i)`, which holds to the end of its group; false for the beginning of a group. */
  #parseFlags(): boolean {
    const [text = '', on = '', off = ''] =
      /^([a-zA-Z]*)(?:-([a-zA-Z]*))?/.exec(this.#pattern.slice(this.#at)) ?? []
    this.#at += text.length
    for (const flag of on + off)
      if (flag !== 'i' && flag !== 'm' && flag !== 's')
        throw this.#unsupported(`the flag ${JSON.stringify(flag)}`)
    const choose = (flag: 'i' | 'm' | 's'): boolean =>
      on.includes(flag) || (this.#flags[flag] && !off.includes(flag))
    this.#flags = { i: choose('i'), m: choose('m'), s: choose('s') }
    if (this.#take(')')) return true
    if (!this.#take(':')) throw this.#mistake('":" or ")" after flags')
    return false
  }

  #parseEscape(): PcreNode {
    const name = this.#pattern[this.#at]
    if (name === undefined) throw this.#mistake('a character after "\\"')
    const assertion = ASSERTIONS[name]
    if (assertion) {
      this.#at++
      return { kind: 'assertion', at: assertion }
    }
    const ranges = this.#parseNamedClass()
    if (ranges) return { kind: 'set', ranges }
    if (name === 'Q') {
      const end = this.#pattern.indexOf('\\E', this.#at)
      const text = this.#pattern.slice(this.#at + 1, end < 0 ? undefined : end)
      this.#at = end < 0 ? this.#pattern.length : end + 2
      return {
        kind: 'sequence',
        of: Array.from(text, (character) => this.#literal(character.codePointAt(0)!)),
      }
    }
    if (/[1-9kg]/.test(name)) throw this.#unsupported('a back reference')
    return this.#literal(this.#parseCharacterEscape())
  }

  /** The ranges of `\d` and the like, behind the backslash; undefined for other characters. */
  #parseNamedClass(): readonly CodePointRange[] | undefined {
    const name = this.#pattern[this.#at] ?? ''
    if (name === 'p' || name === 'P') throw this.#unsupported('a property of Unicode')
    const ranges = CLASSES[name.toLowerCase()]
    if (!ranges) return undefined
    this.#at++
    return name === name.toLowerCase() ? ranges : invertRanges(ranges)
  }

  #parseCharacterEscape(): number {
    const rest = this.#pattern.slice(this.#at, this.#at + 12)
    const hex = /^x\{([0-9a-fA-F]{1,6})\}|^x([0-9a-fA-F]{1,2})|^u([0-9a-fA-F]{4})|^0([0-7]{0,2})/.exec(rest)
    if (hex) {
      this.#at += hex[0].length
      const code =
        hex[4] === undefined
          ? Number.parseInt(hex[1] ?? hex[2] ?? hex[3]!, 16)
          : Number.parseInt(hex[4] || '0', 8)
      if (code > MAX_CODE_POINT) throw this.#mistake('a character')
      return code
    }
    const character = this.#takeCharacter()
    const name = String.fromCodePoint(character)
    const control = CONTROL[name]
    if (control !== undefined) return control
    if (/[a-zA-Z0-9]/.test(name)) throw this.#unsupported(`the escape \\${name}`)
    return character
  }

  #parseClass(): readonly CodePointRange[] {
    const isNegated = this.#take('^')
    const ranges: CodePointRange[] = []
    for (let isFirst = true; isFirst || !this.#peeks(']'); isFirst = false) {
      if (this.#at >= this.#pattern.length) throw this.#mistake('"]"')
      const first = this.#parseClassPart()
      if (typeof first !== 'number') {
        ranges.push(...first)
        continue
      }
      const isRange =
        this.#peeks('-') && this.#at + 1 < this.#pattern.length && this.#pattern[this.#at + 1] !== ']'
      if (!isRange) {
        ranges.push([first, first])
        continue
      }
      this.#at++
      const last = this.#parseClassPart()
      if (typeof last !== 'number') ranges.push([first, first], [0x2d, 0x2d], ...last)
      else if (last < first) throw this.#mistake('a range from a lower to a higher character')
      else ranges.push([first, last])
    }
    this.#at++
    const united = this.#fold(uniteRanges(ranges))
    // "[^a]" in any case is no "A" either.
    if (isNegated) return invertRanges(this.#flags.i ? foldRanges(united) : united)
    return united
  }

  #parseClassPart(): number | readonly CodePointRange[] {
    const posix = /^\[:(\^?)([a-z]+):\]/.exec(this.#pattern.slice(this.#at, this.#at + 16))
    if (posix) {
      const ranges = POSIX[posix[2]!]
      if (!ranges) throw this.#mistake(`one of the classes ${Object.keys(POSIX).join(', ')}`)
      this.#at += posix[0].length
      return posix[1] === '' ? ranges : invertRanges(uniteRanges(ranges))
    }
    if (!this.#take('\\')) return this.#takeCharacter()
    if (this.#take('b')) return 0x08
    return this.#parseNamedClass() ?? this.#parseCharacterEscape()
  }

  #literal(code: number): PcreNode {
    return { kind: 'set', ranges: this.#fold([[code, code]]) }
  }

  #set(ranges: readonly CodePointRange[]): PcreNode {
    return { kind: 'set', ranges }
  }

  #fold(ranges: readonly CodePointRange[]): readonly CodePointRange[] {
    const folded = foldRanges(ranges)
    const count = (list: readonly CodePointRange[]): number =>
      list.reduce((sum, [first, last]) => sum + last - first + 1, 0)
    if (count(folded) === count(ranges)) return ranges
    if (this.#flags.i) this.#hasUncased = true
    else this.#hasCased = true
    return this.#flags.i && this.#foldsCase ? folded : ranges
  }

  #takeCharacter(): number {
    const code = this.#pattern.codePointAt(this.#at)
    if (code === undefined) throw this.#mistake('a character')
    this.#at += code > 0xffff ? 2 : 1
    return code
  }

  #peeks(character: string): boolean {
    return this.#pattern[this.#at] === character
  }

  #startsWith(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at)
  }

  #take(character: string): boolean {
    if (!this.#peeks(character)) return false
    this.#at++
    return true
  }

  #mistake(expected: string): SigmaError {
    const found = this.#at < this.#pattern.length ? JSON.stringify(this.#pattern[this.#at]) : 'the end'
    return new SigmaError(
      'bad-rule',
      `in the regular expression at character ${this.#at + 1}, ${expected} expected, found ${found}`,
    )
  }

  #unsupported(what: string): SigmaError {
    return new SigmaError(
      'unsupported',
      `in the regular expression at character ${this.#at + 1}, ${what}: it cannot be run in linear time`,
    )
  }
}
