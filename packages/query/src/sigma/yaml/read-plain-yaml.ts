import { MAX_YAML_DEPTH } from '../limits.ts'
import { resolvePlainScalar } from './resolve-scalar.ts'
import type { YamlDocument, YamlEntry, YamlNode, YamlScalar } from './yaml-node.ts'

/** A line that is no comment and not blank. */
interface Line {
  /** Where its first character that is no blank stands in the text. */
  readonly start: number
  /** Where it ends, blanks at the end left out. */
  readonly end: number
  readonly indent: number
  /** Its number among all lines of the text. */
  readonly number: number
}

/** A key and the colon behind it; keys with signs of YAML in them are left to the library. */
const KEY = /(?:([A-Za-z0-9_][\w|.\-/()$]*(?: [\w|.\-/()$]+)*)|'([^'\n]*)'|"([^"\\\n]*)")[ ]*:(?=[ \n]|$)/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  n: '\n',
  t: '\t',
  r: '\r',
}

/** What stops the reading: the library takes over. */
const NOT_PLAIN: unique symbol = Symbol('not plain')

/**
 * Reads YAML that is written as people write rules: maps and lists in lines, values on one line with or without quotes, blocks of
 * text behind `|`. It takes a tenth of the library's time, which counts for thousands of files.
 *
 * @returns Undefined for anything else, mistakes included; what it does read is what the library reads.
 */
export function readPlainYaml(text: string): readonly YamlDocument[] | undefined {
  if (/[\r\t\0\ufeff\x85\u2028\u2029]/.test(text)) return undefined
  try {
    return new PlainReader(text).read()
  } catch (error) {
    if (error === NOT_PLAIN) return undefined
    throw error
  }
}

class PlainReader {
  readonly #text: string
  readonly #lines: readonly Line[]
  /** Where each line of the text begins, blank ones too. */
  readonly #starts: readonly number[]
  #next = 0

  constructor(text: string) {
    this.#text = text
    const starts: number[] = []
    const lines: Line[] = []
    for (let at = 0; at <= text.length; ) {
      const newline = text.indexOf('\n', at)
      const lineEnd = newline < 0 ? text.length : newline
      starts.push(at)
      let start = at
      while (start < lineEnd && text[start] === ' ') start++
      if (start < lineEnd && text[start] !== '#') {
        let end = lineEnd
        while (text[end - 1] === ' ') end--
        lines.push({ start, end, indent: start - at, number: starts.length - 1 })
      }
      at = lineEnd + 1
    }
    this.#lines = lines
    this.#starts = starts
  }

  read(): readonly YamlDocument[] {
    const documents: YamlDocument[] = []
    while (this.#next < this.#lines.length) {
      const line = this.#lines[this.#next]!
      if (this.#isMarker(line)) {
        this.#next++
        const next = this.#lines[this.#next]
        if (!next || this.#isMarker(next))
          documents.push({ root: undefined, mistake: undefined, offset: line.end })
        continue
      }
      if (line.indent > 0) throw NOT_PLAIN
      const root = this.#readBlock(0, 0)
      documents.push({ root, mistake: undefined, offset: root.offset })
      const after = this.#lines[this.#next]
      if (after && !this.#isMarker(after)) throw NOT_PLAIN
    }
    return documents
  }

  #isMarker({ start, end, indent }: Line): boolean {
    return indent === 0 && end - start === 3 && this.#text.startsWith('---', start)
  }

  #readBlock(indent: number, depth: number): YamlNode {
    if (depth > MAX_YAML_DEPTH) throw NOT_PLAIN
    const line = this.#lines[this.#next]!
    return this.#isItem(line) ? this.#readList(indent, depth) : this.#readMap(line.start, indent, depth)
  }

  #isItem({ start, end }: Line): boolean {
    return this.#text[start] === '-' && (end === start + 1 || this.#text[start + 1] === ' ')
  }

  #readList(indent: number, depth: number): YamlNode {
    const offset = this.#lines[this.#next]!.start
    const items: YamlNode[] = []
    for (;;) {
      const line = this.#lines[this.#next]
      if (!line || line.indent !== indent || !this.#isItem(line) || this.#isMarker(line)) break
      let at = line.start + 1
      while (at < line.end && this.#text[at] === ' ') at++
      if (at >= line.end || this.#text[at] === '#') {
        this.#next++
        items.push(this.#readInner(indent + 1, at, depth))
      } else if (this.#matchKey(at)) items.push(this.#readMap(at, indent + at - line.start, depth + 1))
      else if (this.#text[at] === '-' && this.#text[at + 1] === ' ') throw NOT_PLAIN
      else items.push(this.#readScalar(at, line, indent))
    }
    this.#expectEnd(indent)
    return { kind: 'list', items, offset }
  }

  /** @param start - Where the first key stands, which may be behind the sign of a list. */
  #readMap(start: number, indent: number, depth: number): YamlNode {
    const entries: YamlEntry[] = []
    const names = new Set<string>()
    let at = start
    for (;;) {
      const line = this.#lines[this.#next]!
      const key = this.#matchKey(at)
      if (!key || names.has(key.name) || key.name === '<<') throw NOT_PLAIN
      names.add(key.name)
      let valueAt = key.end
      while (valueAt < line.end && this.#text[valueAt] === ' ') valueAt++
      const isEmpty = valueAt >= line.end || this.#text[valueAt] === '#'
      let value: YamlNode
      if (isEmpty) {
        this.#next++
        const next = this.#lines[this.#next]
        const isList = next && next.indent === indent && this.#isItem(next) && !this.#isMarker(next)
        value = isList ? this.#readList(indent, depth + 1) : this.#readInner(indent + 1, key.end, depth)
      } else value = this.#readScalar(valueAt, line, indent)
      entries.push({ key: key.name, offset: at, value })
      const after = this.#lines[this.#next]
      if (!after || after.indent !== indent || this.#isItem(after) || this.#isMarker(after)) break
      at = after.start
    }
    this.#expectEnd(indent)
    return { kind: 'map', entries, offset: start }
  }

  /** What stands below a key or the sign of a list: a deeper block, or nothing. */
  #readInner(leastIndent: number, offset: number, depth: number): YamlNode {
    const line = this.#lines[this.#next]
    if (line && line.indent >= leastIndent) return this.#readBlock(line.indent, depth + 1)
    return { kind: 'scalar', value: null, text: '', isQuoted: false, offset }
  }

  /** What comes next belongs to a block outside; anything deeper was not understood. */
  #expectEnd(indent: number): void {
    const line = this.#lines[this.#next]
    if (line && line.indent > indent) throw NOT_PLAIN
  }

  #matchKey(at: number): { readonly name: string; readonly end: number } | undefined {
    KEY.lastIndex = at
    const found = KEY.exec(this.#text)
    return found ? { name: (found[1] ?? found[2] ?? found[3])!, end: KEY.lastIndex } : undefined
  }

  #readScalar(at: number, line: Line, indent: number): YamlScalar {
    const sign = this.#text[at]!
    if (sign === '|') return this.#readLiteral(at, line, indent)
    this.#next++
    // A value that goes on in deeper lines is the library's.
    this.#expectEnd(indent)
    if (sign === "'") return this.#readSingleQuoted(at, line)
    if (sign === '"') return this.#readDoubleQuoted(at, line)
    return this.#readPlain(at, line)
  }

  #readPlain(at: number, line: Line): YamlScalar {
    // Looked for in this line only: a file may be long and have no comment.
    const comment = this.#text.slice(at, line.end).indexOf(' #')
    let end = line.end
    if (comment >= 0) {
      end = at + comment
      while (this.#text[end - 1] === ' ') end--
    }
    const text = this.#text.slice(at, end)
    if (/^[-?:](?: |$)|^[&*!%@`[\]{},>#]|: |:$/.test(text)) throw NOT_PLAIN
    return { kind: 'scalar', value: resolvePlainScalar(text), text, isQuoted: false, offset: at }
  }

  #readSingleQuoted(at: number, line: Line): YamlScalar {
    let end = this.#text.indexOf("'", at + 1)
    let hasQuotes = false
    while (end >= 0 && end < line.end && this.#text[end + 1] === "'") {
      hasQuotes = true
      end = this.#text.indexOf("'", end + 2)
    }
    if (end < 0 || end >= line.end) throw NOT_PLAIN
    this.#expectNothing(end + 1, line)
    const raw = this.#text.slice(at + 1, end)
    const text = hasQuotes ? raw.replaceAll("''", "'") : raw
    return { kind: 'scalar', value: text, text, isQuoted: true, offset: at }
  }

  #readDoubleQuoted(at: number, line: Line): YamlScalar {
    let text = ''
    for (let place = at + 1; place < line.end; place++) {
      const character = this.#text[place]!
      if (character === '"') {
        this.#expectNothing(place + 1, line)
        return { kind: 'scalar', value: text, text, isQuoted: true, offset: at }
      }
      if (character !== '\\') {
        text += character
        continue
      }
      const meant = ESCAPES[this.#text[++place] ?? '']
      if (meant === undefined) throw NOT_PLAIN
      text += meant
    }
    throw NOT_PLAIN
  }

  /** Behind a quoted value only a comment may stand. */
  #expectNothing(at: number, line: Line): void {
    if (at < line.end && !/^ +#/.test(this.#text.slice(at, Math.min(line.end, at + 200)))) throw NOT_PLAIN
  }

  /** `|` and `|-` with the lines below it. */
  #readLiteral(at: number, line: Line, indent: number): YamlScalar {
    const [header, chomp] = /^\|(-?)(?: *| +#.*)$/.exec(this.#text.slice(at, line.end)) ?? []
    if (header === undefined) throw NOT_PLAIN
    const rows: string[] = []
    let width = -1
    let number = line.number + 1
    for (; number < this.#starts.length; number++) {
      const start = this.#starts[number]!
      const end = (this.#starts[number + 1] ?? this.#text.length + 1) - 1
      const row = this.#text.slice(start, end)
      const own = row.search(/[^ ]/)
      if (own < 0) {
        // Blanks deeper than the block belong to the text.
        if (row.length > Math.max(width, indent)) throw NOT_PLAIN
        rows.push('')
        continue
      }
      if (own <= indent) break
      if (width < 0) width = own
      if (own < width) throw NOT_PLAIN
      rows.push(row.slice(width))
    }
    if (width < 0) throw NOT_PLAIN
    while (rows.at(-1) === '') rows.pop()
    while (this.#next < this.#lines.length && this.#lines[this.#next]!.number < number) this.#next++
    const text = rows.join('\n') + (chomp === '-' ? '' : '\n')
    return { kind: 'scalar', value: text, text, isQuoted: false, offset: at }
  }
}
