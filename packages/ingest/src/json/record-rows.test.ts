import { serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type RowHarvest, RowWriter } from '../batch/row-writer.ts'
import { makeTextKernel, type TextKernel } from '../batch/text-kernel.ts'
import { timeField } from '../schemas/schema.ts'
import { makeMapping } from '../schemas/testing/make-mapping.ts'
import { JsonTextRows } from './json-text-rows.ts'
import { RecordRows, type RowRecord } from './record-rows.ts'

/** Room for a row's head in front of what rows share. */
const HEAD_ROOM = 4096

const MAPPING = makeMapping([
  timeField('datetime', 'Written', { format: 'iso' }),
  timeField('seen', 'Seen', { format: 'iso' }),
])

const text = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', '\ud800', 'a\udc00b', '\u2028', 'x'.repeat(300), '\\'.repeat(90)),
)
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.constantFrom(0, -0, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 63, 1e21, -1e300, 1.5e-7, Number.NaN),
)
const scalar = fc.oneof(text, number, fc.boolean(), fc.constantFrom(null, undefined))
const value = fc.oneof(
  { weight: 8, arbitrary: scalar },
  fc.array(scalar, { maxLength: 4 }),
  fc.constantFrom({ a: 'x', b: [1] }, [['deep']], {}, []),
)
const time = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('2026-01-02T03:04:05Z', '2026-01-02T03:04:05.123456789Z') },
  fc.constantFrom('', 'no time', undefined, 7),
)
const name = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'message', 'seen', 'a.b', 'é', '"', '1', 'timestamp_desc'),
  fc.string({ minLength: 1, maxLength: 6 }).filter((field) => field !== '__proto__' && field !== 'datetime'),
)
const head = fc.record({ datetime: time, x: fc.oneof(text, number, fc.constant(undefined)) })
const one = fc.record({
  heads: fc.array(head, { minLength: 1, maxLength: 1 }),
  rest: fc.dictionary(name, value, { maxKeys: 8 }),
})
// An object has names that are whole numbers in front of all others.
const named = name.filter((field) => field !== 'x' && !/^\d+$/.test(field))
const several = fc.record({
  heads: fc.array(head, { minLength: 2, maxLength: 7 }),
  rest: fc.dictionary(named, value, { maxKeys: 8 }),
})
const records = fc.array(fc.oneof(one, several), { maxLength: 12 })
type Records = readonly { readonly heads: readonly RowRecord[]; readonly rest: RowRecord }[]

interface Rows {
  write(record: RowRecord, line: number): void
}

function readRows(
  all: Records,
  times: 'first' | 'all',
  kernel: TextKernel | undefined,
  open: (writer: RowWriter) => Rows | RecordRows,
): RowHarvest[] {
  const writer = new RowWriter(MAPPING, {
    maxRows: 5,
    times,
    referenceUs: 0,
    ...(kernel ? { kernel } : {}),
  })
  const rows = open(writer)
  const half = all.length >> 1
  return [all.slice(0, half), all.slice(half)].map((part) => {
    part.forEach(({ heads: first, rest: others }, line) => {
      if (rows instanceof RecordRows && first.length > 1) rows.writeShared(first, others, line)
      else for (const own of first) rows.write({ ...own, ...others }, line)
    })
    return writer.harvest()
  })
}

/** The rows that are made of records, and those that reading the records' JSON makes. */
function readBoth(all: Records, times: 'first' | 'all', kernel: TextKernel | undefined) {
  const found = readRows(all, times, kernel, (writer) => new RecordRows(writer, kernel))
  const wanted = readRows(all, times, kernel, (writer) => {
    const texts = new JsonTextRows(writer, kernel)
    return { write: (record, line) => texts.write(JSON.stringify(record), line) }
  })
  return { found, wanted }
}

for (const times of ['first', 'all'] as const)
  for (const kernel of [undefined, makeTextKernel()])
    it(`makes the rows of the records' JSON, ${times} time, ${kernel ? 'with' : 'without'} a kernel`, () => {
      fc.assert(
        fc.property(records, (all) => {
          const { found, wanted } = readBoth(all, times, kernel)
          expect(found).toEqual(wanted)
        }),
        { numRuns: 100 },
      )
    })

it('writes heads of any length, and none, in front of what rows share', () => {
  const all: Records = [
    ...Array.from({ length: 128 }, (_, i) => ({
      heads: ['y', 'z'.repeat(HEAD_ROOM - 96 + i), 'y'].map((x) => ({ datetime: '2026-01-02', x })),
      rest: { message: 'what is said of every row', other: 'abc' },
    })),
    ...[{}, { a: 'b', c: 1 }].map((more) => ({
      heads: [undefined, 'y', undefined, undefined, 'y'].map((x) => ({ x })),
      rest: { datetime: '2026-01-02', ...more },
    })),
    { heads: [undefined, 'y'].map((x) => ({ x })), rest: {} },
  ]
  for (const kernel of [undefined, makeTextKernel()]) {
    const { found, wanted } = readBoth(all, 'first', kernel)
    expect(serialize(found).equals(serialize(wanted))).toBe(true)
    expect(found.reduce((sum, { read }) => sum + read, 0)).toBe(3 * 128 + 2 * 5 + 2)
  }
})

it('goes on with another builder when there are too many columns, and with rows of any length', () => {
  const all: Records = [
    {
      heads: [{ datetime: '2026-01-02', x: 'a' }],
      rest: Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`n${i}`, i])),
    },
    ...['y', 'y'.repeat(200_000), 'y'.repeat(1_500_000)].map((long) => ({
      heads: [
        { datetime: '2026-01-02', x: 1 },
        { datetime: '2026-01-03', x: long },
      ],
      rest: { a: long, b: [1, 'x', true, 2] },
    })),
  ]
  for (const kernel of [undefined, makeTextKernel()]) {
    const { found, wanted } = readBoth(all, 'first', kernel)
    // Megabytes are not compared number by number.
    expect(serialize(found).equals(serialize(wanted))).toBe(true)
    expect(found.reduce((sum, { read }) => sum + read, 0)).toBe(7)
  }
})

it('forgets names that are long, and goes on with the same columns', () => {
  const all: Records = Array.from({ length: 10 }, (_, i) => ({
    heads: [{ datetime: '2026-01-02', x: 'a' }],
    rest: Object.fromEntries([...'abcdef'].map((letter) => [letter.repeat(150_000 + (i % 2)), i])),
  }))
  for (const kernel of [undefined, makeTextKernel()]) {
    const { found, wanted } = readBoth(all, 'first', kernel)
    expect(serialize(found).equals(serialize(wanted))).toBe(true)
  }
})
