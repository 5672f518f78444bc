import { allValues, type JsonEvent, type JsonValue, type Leaf, valuesOf } from './event.ts'

/** A rule's `detection` as JSON: search identifiers and the condition. */
export type PlainDetection = { readonly [identifier: string]: JsonValue }

/** Fields whose values stand under any of several names; other fields have their own. */
export type FieldNames = Readonly<Record<string, readonly string[]>>

/**
 * Says whether an event is a hit of a rule, straight from the specification (2.1.0) and sharing nothing with the compiler:
 * conditions are rewritten to JavaScript's operators, wildcards are matched letter by letter, regular expressions run in V8.
 */
export function evaluateRule(detection: PlainDetection, event: JsonEvent, names: FieldNames = {}): boolean {
  const identifiers = Object.keys(detection).filter((name) => name !== 'condition')
  const hits = new Map(identifiers.map((name) => [name, matchSelection(detection[name]!, event, names)]))
  const condition = String(detection['condition'])
  const expanded = condition.replaceAll(/(\d+|all) of ([\w*]+)/g, (_, count: string, pattern: string) => {
    const fits = pattern === 'them' ? /^[^_]/ : new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
    const meant = identifiers.filter(
      (name) => fits.test(name) && (pattern.startsWith('_') || !name.startsWith('_')),
    )
    const found = meant.filter((name) => hits.get(name)).length
    return String(count === 'all' ? found === meant.length : found >= Number(count))
  })
  return evaluateWords(expanded.match(/[()]|[\w]+/g) ?? [], hits)
}

/** `or` binds least, then `and`, then `not`. */
function evaluateWords(words: readonly string[], hits: ReadonlyMap<string, boolean>): boolean {
  let at = 0
  const or = (): boolean => {
    let result = and()
    while (words[at] === 'or') {
      at++
      result = and() || result
    }
    return result
  }
  const and = (): boolean => {
    let result = not()
    while (words[at] === 'and') {
      at++
      result = not() && result
    }
    return result
  }
  const not = (): boolean => {
    if (words[at] === 'not') {
      at++
      return !not()
    }
    const word = words[at++]!
    if (word !== '(') return word === 'true' || (word !== 'false' && hits.get(word)!)
    const result = or()
    at++
    return result
  }
  return or()
}

function matchSelection(selection: JsonValue, event: JsonEvent, names: FieldNames): boolean {
  if (Array.isArray(selection)) {
    const isKeywords = selection.every((one) => typeof one !== 'object' || one === null)
    return isKeywords
      ? selection.some((one) => matchKeyword(one as Leaf, event))
      : selection.some((one) => matchSelection(one as JsonValue, event, names))
  }
  if (typeof selection !== 'object' || selection === null) return matchKeyword(selection as Leaf, event)
  return Object.entries(selection).every(([key, value]) => matchField(key, value as JsonValue, event, names))
}

function matchKeyword(keyword: Leaf, event: JsonEvent): boolean {
  return allValues(event).some((value) =>
    matchWildcards(String(keyword), String(value), { start: true, end: true }),
  )
}

function matchField(key: string, value: JsonValue, event: JsonEvent, names: FieldNames): boolean {
  const [field = '', ...modifiers] = key.split('|')
  const wanted = Array.isArray(value) ? (value as readonly JsonValue[]) : [value]
  const namesOf = (name: string): readonly string[] => names[name] ?? [name]
  const isThere = namesOf(field).some((name) => valuesOf(event, name).length > 0)
  const matches = (one: JsonValue, name: string): boolean => {
    if (name === '') return matchKeyword(one as Leaf, event)
    if (one === null) return !isThere
    if (modifiers.includes('exists')) return isThere === one
    const others = modifiers.includes('fieldref')
      ? namesOf(String(one)).flatMap((other) => valuesOf(event, other))
      : []
    return valuesOf(event, name).some((found) => matchOne(found, String(one), modifiers, others))
  }
  const result = namesOf(field).some((name) =>
    modifiers.includes('all')
      ? wanted.every((one) => matches(one, name))
      : wanted.some((one) => matches(one, name)),
  )
  return modifiers.includes('neq') ? !result : result
}

function matchOne(
  value: Leaf,
  wanted: string,
  modifiers: readonly string[],
  others: readonly Leaf[],
): boolean {
  const has = (name: string): boolean => modifiers.includes(name)
  const isCased = has('cased')
  const how = {
    start: has('contains') || has('endswith'),
    end: has('contains') || has('startswith'),
    isCased,
  }
  if (has('fieldref')) {
    const fold = (text: Leaf): string => (isCased ? String(text) : String(text).toLowerCase())
    return others.some((other) => {
      const [a, b] = [fold(value), fold(other)]
      if (has('contains')) return a.includes(b)
      if (has('startswith')) return a.startsWith(b)
      return has('endswith') ? a.endsWith(b) : a === b
    })
  }
  if (has('re')) return matchRegexp(String(value), wanted, modifiers)
  if (has('cidr')) return isInNetwork(String(value), wanted)
  const compared = (['gt', 'gte', 'lt', 'lte'] as const).find(has)
  const part = PARTS.find((name) => has(name))
  if (part) {
    const number = typeof value === 'string' ? partOfDate(value, part) : undefined
    return number !== undefined && compareNumbers(number, compared ?? 'eq', Number(wanted))
  }
  if (compared) {
    const isNumber = typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))
    return isNumber && compareNumbers(Number(value), compared, Number(wanted))
  }
  if (has('base64') || has('base64offset')) {
    const bytes = has('wide') ? Buffer.from(wanted, 'utf16le') : Buffer.from(wanted)
    const texts = has('base64')
      ? [bytes.toString('base64')]
      : [0, 1, 2].map((offset) => surePart(bytes, offset))
    return texts.some((text) => matchWildcards(text, String(value), how))
  }
  const texts = has('windash') ? varyDashes(wanted) : [wanted]
  return texts.some((text) => matchWildcards(text, String(value), how))
}

/** How a text is held against a value: as a whole, or with anything before or behind it. */
interface TextMatch {
  readonly start: boolean
  readonly end: boolean
  readonly isCased?: boolean
}

/** Letter by letter: `*`, `?`, and `\` before one of `* ? \`. */
function matchWildcards(pattern: string, text: string, { start, end, isCased = false }: TextMatch): boolean {
  const tokens: (string | { readonly any: boolean })[] = start ? [{ any: true }] : []
  for (let at = 0; at < pattern.length; at++) {
    const [character, next] = [pattern[at]!, pattern[at + 1]]
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      tokens.push(next)
      at++
    } else if (character === '*' || character === '?') tokens.push({ any: character === '*' })
    else tokens.push(character)
  }
  if (end) tokens.push({ any: true })
  const fold = (letter: string): string => (isCased ? letter : letter.toLowerCase())
  // Which places of the text can be reached after each token.
  let places = new Set([0])
  for (const token of tokens) {
    const next = new Set<number>()
    for (const place of places) {
      if (typeof token === 'string') {
        if (place < text.length && fold(text[place]!) === fold(token)) next.add(place + 1)
      } else if (token.any) for (let to = place; to <= text.length; to++) next.add(to)
      else if (place < text.length) next.add(place + (text.codePointAt(place)! > 0xffff ? 2 : 1))
    }
    places = next
  }
  return places.has(text.length)
}

/** PCRE's `$` holds before a last line end too, which JavaScript's does not. */
function matchRegexp(text: string, source: string, modifiers: readonly string[]): boolean {
  const isMultiline = modifiers.includes('m')
  // Flags at the beginning are modifiers by another name.
  const [, inline = '', body = source] = /^\(\?(i)\)(.*)$/s.exec(source) ?? []
  if (inline !== '') return matchRegexp(text, body, [...modifiers, inline])
  const flags = `u${modifiers.includes('i') ? 'i' : ''}${isMultiline ? 'm' : ''}${modifiers.includes('s') ? 's' : ''}`
  const ported = source.replaceAll(/\\.|\$/gs, (part) =>
    part === '$' && !isMultiline ? '(?=\\n?$(?![^]))' : part,
  )
  const anchored = modifiers.includes('startswith')
    ? `^(?:${ported})`
    : modifiers.includes('endswith')
      ? `(?:${ported})$(?![^])`
      : ported
  return new RegExp(anchored, flags).test(text)
}

function isInNetwork(text: string, network: string): boolean {
  const [address = '', length = ''] = network.split('/')
  const [wanted, found] = [bitsOf(address), bitsOf(text)]
  if (!wanted || !found || wanted.length !== found.length) return false
  return wanted.slice(0, Number(length)) === found.slice(0, Number(length))
}

function bitsOf(address: string): string | undefined {
  if (/^\d+(\.\d+){3}$/.test(address)) {
    const bytes = address.split('.')
    if (!bytes.every((byte) => Number(byte) <= 255 && String(Number(byte)) === byte)) return undefined
    return bytes.map((byte) => Number(byte).toString(2).padStart(8, '0')).join('')
  }
  if (!/^[0-9a-f:]+$/i.test(address) || address.split('::').length > 2) return undefined
  const [head = [], tail] = address.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const missing = tail ? Math.max(1, 8 - head.length - tail.length) : 0
  const groups = [...head, ...new Array<string>(missing).fill('0'), ...(tail ?? [])]
  if (groups.length !== 8 || groups.some((group) => group.length > 4)) return undefined
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, '0')).join('')
}

/** What of the Base64 of some bytes is the same whatever stands around them. */
function surePart(bytes: Buffer, offset: number): string {
  const texts = ['\0', '\xff'].flatMap((before) =>
    ['\0\0', '\xff\xff'].map((after) =>
      Buffer.concat([
        Buffer.from(before.repeat(offset), 'latin1'),
        bytes,
        Buffer.from(after, 'latin1'),
      ]).toString('base64'),
    ),
  )
  const sure = Array.from(texts[0]!, (letter, at) => texts.every((text) => text[at] === letter))
  const first = Math.ceil((offset * 8) / 6)
  const last = Math.floor(((offset + bytes.length) * 8) / 6)
  for (let at = first; at < last; at++) if (!sure[at]) throw new Error('base64: a sure letter expected')
  return texts[0]!.slice(first, last)
}

function varyDashes(text: string): readonly string[] {
  const at = [...text.matchAll(/(?<!\w)[-/–—―](?=\w)/g)].map(({ index }) => index)
  let made = [text]
  for (const place of at)
    made = made.flatMap((one) =>
      ['-', '/', '–', '—', '―'].map((dash) => one.slice(0, place) + dash + one.slice(place + 1)),
    )
  return made
}

const PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const

function partOfDate(text: string, part: (typeof PARTS)[number]): number | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?/.exec(text)
  if (!found) return undefined
  const [year, month, day, hour, minute] = found
    .slice(1)
    .map((digits) => (digits ? Number(digits) : undefined))
  if (part !== 'week') return { year, month, day, hour, minute }[part]
  // ISO 8601: the week of its Thursday, counted day by day.
  const date = new Date(Date.UTC(year!, month! - 1, day!))
  while (date.getUTCDay() !== 4)
    date.setUTCDate(date.getUTCDate() + (date.getUTCDay() === 0 || date.getUTCDay() > 4 ? -1 : 1))
  let week = 0
  for (
    const own = date.getUTCFullYear();
    date.getUTCFullYear() === own;
    date.setUTCDate(date.getUTCDate() - 7)
  )
    week++
  return week
}

function compareNumbers(a: number, operator: 'gt' | 'gte' | 'lt' | 'lte' | 'eq', b: number): boolean {
  switch (operator) {
    case 'gt':
      return a > b
    case 'gte':
      return a >= b
    case 'lt':
      return a < b
    case 'lte':
      return a <= b
    case 'eq':
      return a === b
  }
}
