import { type Pipeline, parsePipeline } from '@timeskein/query/sigma'
import type { FieldNames, PlainDetection } from './evaluate-rule.ts'
import type { JsonEvent, JsonValue } from './event.ts'

/** Numbers below a bound, the same at every run of a seed. */
export type Random = (below: number) => number

export function makeRandom(seed: number): Random {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const WORDS = [
  'cmd',
  'CMD.exe',
  'a',
  'Ab',
  '-enc',
  '/enc',
  '–x',
  'C:\\Temp',
  'x*y',
  'q?',
  '\\',
  'é',
  '46',
  '4625',
  'user_1',
  '💡',
  '%',
]
const JOINTS = [' ', '', '\\', '-', '.', '/', '\n', '  ']
const SPECIAL: readonly JsonValue[] = [
  4625,
  46,
  -3,
  2.5,
  0,
  true,
  false,
  null,
  '',
  '4625',
  '46.5',
  '10.1.2.3',
  '10.200.0.1',
  '192.168.1.77',
  '2001:db8::1',
  '2001:0DB8:0:0::ff',
  '2001:db9::1',
  'fe80::',
  '2024-02-29T22:15:00Z',
  '2024-12-30 07:01:00',
  '2021-01-03',
  Buffer.from('xx cmd -enc yy').toString('base64'),
  Buffer.from('x cmd -enc', 'utf16le').toString('base64'),
]
export const FIELDS = ['f', 'g', 'h', 'd.e', 'several'] as const
/** The fields of random rules that stand under several names in events. */
export const NAMES: FieldNames = { several: ['g', 'd.e'] }
/** Tells the compiler of `NAMES`. */
export const NAMES_PIPELINE: Pipeline = parsePipeline({
  file: 'names',
  text: JSON.stringify({ transformations: [{ type: 'field_name_mapping', mapping: NAMES }] }),
})

/** A few random events; fields are missing at times, and at times lists. */
export function makeEvents(random: Random, count: number): readonly JsonEvent[] {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const value = (): JsonValue => (random(3) === 0 ? pick(SPECIAL) : makeText(random))
  return Array.from({ length: count }, (_, n) => {
    const event: Record<string, JsonValue> = { n }
    for (const field of ['f', 'g', 'h'])
      if (random(5) > 0) event[field] = random(6) === 0 ? [value(), value()] : value()
    if (random(2) === 0) event['d'] = { e: value() }
    return event
  })
}

function makeText(random: Random): string {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  let text = pick(WORDS)
  for (let more = random(3); more > 0; more--) text += pick(JOINTS) + pick(WORDS)
  return text
}

const REGEXPS = [
  'cmd',
  '^c[md]+',
  'exe$',
  '\\s[-/]enc',
  '(?:a|b){2}',
  '\\bcmd\\b',
  '\\Bx',
  '^(?:a|4)\\d*$',
  '(^|\\\\)Temp',
  'C:\\\\[^\\\\]+',
  '\\d{2,4}(\\.|\\b)',
  '.{3,}\\W',
  '[^a-z0-9 ]$',
  '^$',
  'a?b*\\.',
  '(?:x|)y',
  '^\\w+$',
]

/** A random rule: its `detection`. */
export function makeRule(random: Random): PlainDetection {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const detection: Record<string, JsonValue> = {}
  const names = ['selection_a', 'selection_b', 'filter', '_hidden'].slice(0, 1 + random(4))
  for (const name of names) detection[name] = makeSelection(random)
  const some = pick([
    '1 of selection*',
    'all of selection*',
    'all of them',
    '1 of them',
    ...(names.length > 2 ? ['2 of them'] : []),
  ])
  const last = names.at(-1)!
  const first = names[0]!
  detection['condition'] = pick([
    first,
    some,
    `not ${last}`,
    `${first} and not ${last}`,
    `${last} or ${first} and not ${some}`,
    `not (${first} or ${last})`,
    `(${some}) and (${last} or not ${first})`,
  ])
  return detection
}

function makeSelection(random: Random): JsonValue {
  const kind = random(8)
  if (kind === 0) return Array.from({ length: 1 + random(2) }, () => makeText(random))
  if (kind === 1) return [makeMap(random), makeMap(random)]
  if (kind === 2) return { '|all': [makeText(random), makeText(random)] }
  return makeMap(random)
}

function makeMap(random: Random): JsonValue {
  const map: Record<string, JsonValue> = {}
  for (let count = 1 + random(2); count > 0; count--) {
    const [key, value] = makeItem(random)
    map[key] = value
  }
  return map
}

function makeItem(random: Random): readonly [key: string, value: JsonValue] {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const field = pick(FIELDS)
  const many = (make: () => JsonValue): JsonValue => (random(2) === 0 ? make() : [make(), make(), make()])
  const text = (): string =>
    random(4) === 0 ? pick(['*', '*cmd*', '?b*', '*\\\\*', 'x\\*y', '*4?*', 'C:\\\\Temp']) : makeText(random)
  const plain = (): string => makeText(random).replaceAll(/[*?]/g, '')
  const place = pick(['', '|contains', '|startswith', '|endswith'])
  const all = random(4) === 0 ? '|all' : ''
  return pick<() => readonly [string, JsonValue]>([
    () => [`${field}${place}${all}`, many(text)],
    () => [`${field}${place}`, many(text)],
    () => [`${field}${place}|cased`, many(text)],
    () => [field, many(() => pick(SPECIAL))],
    () => [`${field}|contains|windash`, many(() => pick(['-enc', ' -enc', '/enc cmd', '-x-a', 'cmd']))],
    () => [
      `${field}|re${pick(['', '|i', '|m', '|s', '|i|s', '|startswith', '|endswith'])}`,
      many(() => pick(REGEXPS)),
    ],
    () => [
      `${field}|cidr`,
      many(() =>
        pick(['10.0.0.0/8', '10.1.0.0/15', '192.168.1.64/26', '2001:db8::/32', 'fe80::/10', '10.1.2.3/32']),
      ),
    ],
    () => [`${field}|${pick(['gt', 'gte', 'lt', 'lte'])}`, many(() => pick([46, 0, 2.5, 4625, -3]))],
    () => [`${field}|exists`, pick([true, false])],
    () => [`${field}|fieldref${place}${pick(['', '|cased'])}`, pick(FIELDS)],
    () => [`${field}|${pick(['hour', 'hour|gte', 'hour|lt'])}`, pick([7, 22])],
    () => [`${field}|week`, pick([1, 9, 53])],
    () => [`${field}|${pick(['month', 'day|gt'])}`, pick([2, 12])],
    () => [`${field}|neq`, many(text)],
    () => [`${field}|base64offset|contains`, pick(['cmd -enc', ' cmd'])],
    () => [`${field}|wide|base64offset|contains`, 'cmd -enc'],
    () => [`${field}|base64`, plain()],
    () => [field, null],
    () => [`${field}|neq`, many(() => pick(SPECIAL))],
    () => [field, [null, text()]],
  ])()
}
