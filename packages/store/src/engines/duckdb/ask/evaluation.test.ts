import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Query } from '@timeskein/query'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNumbers, importRows } from '../../../contract/ask-helpers.ts'
import type { EventStore } from '../../../event-store.ts'
import { tokenizeText } from '../../../text/tokens/standard-tokenizer.ts'
import { openDuckDbStore } from '../open-store.ts'
import {
  type FieldTest,
  type FieldView,
  readFieldTest,
  type TextTest,
  type ValueLeaf,
} from './match/field-test.ts'
import { compileFieldTest, compileMatcher, type PlainValue } from './match/test-value.ts'

const EVENTS = 240
const QUESTIONS = 250

/** Numbers below a bound, the same at every run. */
function makeRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Whether an event answers, told by looking at its values: those of one field, or of every field by itself. */
function answers(event: object, name: string | undefined, test: FieldTest): boolean {
  const byField = new Map<string, PlainValue[]>()
  collect(event, '', byField)
  if (name !== undefined && test.present) {
    // An object is there where one of its fields is.
    return [...byField.keys()].some((field) => field === name || field.startsWith(`${name}.`))
  }
  if (name !== undefined) return fieldAnswers(byField.get(name) ?? [], test)
  return [...byField].some(([field, values]) =>
    fieldAnswers(values, field === 'n' ? { ...test, text: { kind: 'either', of: [] } } : test),
  )
}

function collect(value: unknown, path: string, byField: Map<string, PlainValue[]>): void {
  if (Array.isArray(value)) for (const element of value) collect(element, path, byField)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value))
      collect(inner, path === '' ? key : `${path}.${key}`, byField)
  } else byField.set(path, [...(byField.get(path) ?? []), value as PlainValue])
}

/** All values of a field make one text; a number or boolean beside texts is one word of it. */
function fieldAnswers(values: readonly PlainValue[], test: FieldTest): boolean {
  if (values.some(compileFieldTest(test))) return true
  const words = new Set(
    values.flatMap((value) => (typeof value === 'string' ? tokenizeText(value) : [String(value)])),
  )
  return test.text !== undefined && wordsAnswer(words, test.text)
}

function wordsAnswer(words: ReadonlySet<string>, test: TextTest): boolean {
  if (test.kind === 'words') {
    const has = (token: string): boolean => words.has(token)
    return test.operator === 'and' ? test.tokens.every(has) : test.tokens.some(has)
  }
  if (test.kind === 'word') return [...words].some(compileMatcher(test.matcher))
  return test.kind === 'either' && test.of.some((part) => wordsAnswer(words, part))
}

describe('answers are those of looking at each value of each event', () => {
  const random = makeRandom(20_240)
  const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
  const words = [
    'alpha',
    'Beta',
    'gam_ma',
    '10.0.0.1',
    'C:\\Temp\\a.exe',
    'größe',
    '日本',
    "don't",
    '5',
    '-7',
    '2.5',
    'true',
  ]
  const joints = [' ', ', ', '\n', '-', '\\', '.', '/']
  const text = (): string => {
    let made = pick(words)
    for (let more = random(5); more > 0; more--) made += pick(joints) + pick(words)
    return random(12) === 0 ? `${made} ${'filler '.repeat(40)}${pick(words)}` : made
  }
  const value = (): unknown =>
    pick([
      text,
      text,
      text,
      () => pick([5, -7, 2.5, 1e300]),
      () => pick([true, false]),
      () => [text(), text()],
      () => [5, text()],
      () => '',
    ])()
  const fields = ['message', 'user', 'mixed', 'deep.er.still', 'rare', 'a.b']
  const events = Array.from({ length: EVENTS }, (_, n) => {
    const event: Record<string, unknown> = { n }
    if (random(10) > 0) event['message'] = text()
    if (random(3) > 0) event['user'] = pick(words)
    if (random(2) > 0) event['mixed'] = value()
    if (random(3) === 0) event['deep'] = { er: { still: value() } }
    if (random(20) === 0) event['rare'] = value()
    if (random(4) === 0) event[pick(['a.b', 'a'])] = random(2) === 0 ? { b: value() } : value()
    return event
  })

  const leaf = (): {
    readonly leaf: ValueLeaf
    readonly name: string | undefined
    readonly view: FieldView
  } => {
    const name = random(4) === 0 ? undefined : pick(fields)
    const view: FieldView = name === undefined ? 'words' : pick(['words', 'words', 'keyword', 'wildcard'])
    const field = name === undefined ? undefined : view === 'words' ? name : `${name}.${view}`
    const sample = (): string =>
      pick([() => pick(words), () => text().slice(0, 30), () => `${pick(words)} ${pick(words)}`])()
    const pattern = (): string => {
      const literal = pick(words).replaceAll(/[\\*?]/g, '\\$&')
      const part = literal.slice(0, 1 + random(literal.length)).replace(/\\$/, '')
      return pick([`${part}*`, `*${part}`, `*${part}*`, `${part}?*`, `*${part}*${pick(['a', 'e', '1'])}*`])
    }
    const operator = pick(['and', 'or'] as const)
    const made = pick<() => ValueLeaf>([
      () => ({ kind: 'match', field, text: sample(), operator }),
      () => ({ kind: 'phrase', field, text: sample(), slop: pick([0, 0, 0, 2]) }),
      () => ({ kind: 'phrase', field, text: sample(), slop: 0, prefix: true }),
      () => ({
        kind: 'wildcard',
        field,
        pattern: pattern(),
        whole: random(2) === 0,
        caseInsensitive: random(2) === 0,
      }),
      () => ({
        kind: 'regexp',
        field,
        pattern: pick(['[a-m].*', '.*ta', '10\\.0.*', 'größe|beta', '.*emp.a.*']),
        caseInsensitive: false,
      }),
      () => ({
        kind: 'fuzzy',
        field,
        text: pick(['alhpa', 'bta', 'grösse', 'trve']),
        distance: 'auto',
        prefixLength: 0,
      }),
      () => ({
        kind: 'term',
        field: field ?? 'user',
        value: pick([pick(words), pick(words).toLowerCase(), 5, 2.5, 'true']),
      }),
      () => ({
        kind: 'range',
        field: field ?? 'mixed',
        gte: pick(['0', '5', 'b', -10]),
        lt: pick(['9', 'c', '1000']),
      }),
      () => ({ kind: 'exists', field: field ?? 'rare' }),
    ])()
    const named = 'field' in made && made.field !== undefined ? made.field : undefined
    const bare = named?.replace(/\.(keyword|wildcard)$/, '')
    return { leaf: made, name: bare, view: named === bare ? 'words' : view }
  }

  let store: EventStore
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'timeskein-answers-'))
    store = await openDuckDbStore({ directory })
    await importRows(store, { rows: events, batchRows: 100 })
  })
  afterAll(async () => {
    await store[Symbol.asyncDispose]()
    await rm(directory, { recursive: true })
  })

  it(`${QUESTIONS} questions about one value`, async () => {
    let found = 0
    for (let round = 0; round < QUESTIONS; round++) {
      const { leaf: query, name, view } = leaf()
      const test = readFieldTest(query, view)
      const expected = events.filter((event) => answers(event, name, test))
      const numbers = await findNumbers(store, query)
      expect({ query, numbers }).toEqual({ query, numbers: expected.map((event) => event['n']) })
      if (numbers.length > 0) found++
    }
    expect(found).toBeGreaterThan(QUESTIONS / 4)
  })

  it('questions put together are put together from their parts', async () => {
    for (let round = 0; round < 20; round++) {
      const parts: Query[] = [leaf().leaf, leaf().leaf, leaf().leaf]
      const sets: Set<number>[] = []
      for (const part of parts) sets.push(new Set(await findNumbers(store, part)))
      const [a, b, c] = sets as [Set<number>, Set<number>, Set<number>]
      const ask = async (query: Query): Promise<Set<number>> => new Set(await findNumbers(store, query))
      expect(await ask({ kind: 'and', of: parts })).toEqual(a.intersection(b).intersection(c))
      expect(await ask({ kind: 'or', of: parts })).toEqual(
        new Set([...a.union(b).union(c)].sort((x, y) => x - y)),
      )
      const two = a.intersection(b).union(a.intersection(c)).union(b.intersection(c))
      expect([...(await ask({ kind: 'or', of: parts, atLeast: 2 }))]).toEqual([...two].sort((x, y) => x - y))
      const all = new Set(events.keys())
      expect(await ask({ kind: 'not', of: parts[0]! })).toEqual(all.difference(a))
    }
  })
})
