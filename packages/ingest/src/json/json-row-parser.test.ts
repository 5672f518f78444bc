import { Buffer } from 'node:buffer'
import type { EventBatch } from '@timeskein/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BatchBuilder } from '../batch/batch-builder.ts'
import { MAX_DEPTH } from '../batch/limits.ts'
import { makeTextKernel, type TextKernel } from '../batch/text-kernel.ts'
import { JsonRowParser } from './json-row-parser.ts'
import { JsonSyntaxError } from './json-syntax-error.ts'

const kernel = makeTextKernel()
const NO_TIME = { store: () => 0 }

/** With a kernel and without one the same must come out. */
function parseRows(texts: readonly string[]): EventBatch {
  const slow = parseWith(undefined, texts)
  expect(parseWith(kernel, texts)).toEqual(slow)
  return slow
}

function parseWith(used: TextKernel | undefined, texts: readonly string[]): EventBatch {
  const builder = new BatchBuilder(used ? { kernel: used } : {})
  const parser = new JsonRowParser(builder)
  const whole = Buffer.from(texts.map((text) => `${text}\n`).join(''))
  const bytes = used?.load(whole) ?? whole
  let at = 0
  for (const text of texts) {
    const end = at + Buffer.byteLength(text)
    expect(parser.parseObject(bytes, at, end)).toBe(end)
    builder.commitRow(NO_TIME, 1, bytes, at, end)
    at = end + 1
  }
  return builder.build()
}

type Entry = readonly [row: number, value: string | bigint | number | boolean]

/** The batch's columns as plain values: `kind field` to entries. */
function readColumns(batch: EventBatch): Map<string, Entry[]> {
  const result = new Map<string, Entry[]>()
  for (const { field, kind, rows, values } of batch.columns) {
    const entries = [...rows].map((row, i): Entry => {
      switch (values.kind) {
        case 'string':
          return [
            row,
            new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
              values.bytes.subarray(values.offsets[i], values.offsets[i + 1]),
            ),
          ]
        case 'boolean':
          return [row, values.bits[i] === 1]
        default:
          return [row, values.numbers[i]!]
      }
    })
    result.set(`${kind} ${field}`, entries)
  }
  return result
}

/** What the columns should be, by way of JSON.parse. */
function flatten(values: readonly unknown[]): Map<string, Entry[]> {
  const result = new Map<string, Entry[]>()
  const put = (key: string, row: number, value: Entry[1]): void => {
    const entries = result.get(key) ?? []
    result.set(key, entries)
    entries.push([row, value])
  }
  const walk = (path: string, row: number, value: unknown): void => {
    if (typeof value === 'string') put(`string ${path}`, row, value.toWellFormed())
    else if (typeof value === 'boolean') put(`boolean ${path}`, row, value)
    else if (typeof value === 'number') {
      const text = JSON.stringify(value)
      if (/^-?\d+$/.test(text) && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) {
        put(`integer ${path}`, row, BigInt(text))
      } else put(`real ${path}`, row, value)
    } else if (Array.isArray(value)) for (const element of value) walk(path, row, element)
    else if (value !== null && typeof value === 'object') {
      for (const [name, member] of Object.entries(value)) {
        walk(
          path === '' && value === values[row] ? name.toWellFormed() : `${path}.${name.toWellFormed()}`,
          row,
          member,
        )
      }
    }
  }
  values.forEach((value, row) => {
    walk('', row, value)
  })
  return result
}

const sorted = (columns: Map<string, Entry[]>): Entry[][] =>
  [...columns].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, entries]) => [[0, key], ...entries])

describe('JsonRowParser', () => {
  it('makes the columns that a flattening of JSON.parse makes, and keeps the bytes', () => {
    const document = fc.dictionary(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
      { maxKeys: 6 },
    )
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 8 }),
        fc.constantFrom(undefined, 1, '\t'),
        (documents, indent) => {
          const texts = documents.map((value) => JSON.stringify(value, undefined, indent))
          const batch = parseRows(texts)
          expect(sorted(readColumns(batch))).toEqual(sorted(flatten(texts.map((text) => JSON.parse(text)))))
          const { bytes, offsets } = batch.source
          texts.forEach((text, i) => {
            expect(Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString()).toBe(text)
          })
        },
      ),
      { numRuns: 300 },
    )
  })

  it('accepts and refuses exactly what JSON.parse does', () => {
    const alphabet = fc.constantFrom(
      ...'{}[]",:\\\n\t u0123456789abtrueflsn.eE+-/x\u0001é'.split(''),
      '{"a":',
      '"b"',
      'null',
      'true',
      '\\ud83d',
      '\\u00e9',
      '1e5',
      '-0',
      '""',
    )
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 24 }), fc.boolean(), (pieces, isWrapped) => {
        const text = isWrapped ? `{"k":${pieces.join('')}}` : `{${pieces.join('')}`
        expect(isAccepted(text, undefined)).toBe(isJson(text))
        expect(isAccepted(text, kernel)).toBe(isJson(text))
      }),
      { numRuns: 3000 },
    )
  })

  it('refuses every proper beginning of a document', () => {
    const text = '{"a":{"b":[1,-2.5e3,true,null,"x\\u00e9\\n"]},"c":"日本"}'
    const bytes = Buffer.from(text)
    for (let end = 0; end < bytes.length; end++) {
      const parser = new JsonRowParser(new BatchBuilder())
      expect(() => parser.parseObject(bytes, 0, end), String(end)).toThrow(JsonSyntaxError)
      if (!kernel) continue
      kernel.release()
      const quick = new JsonRowParser(new BatchBuilder({ kernel }))
      expect(() => quick.parseObject(kernel.load(bytes)!, 0, end), String(end)).toThrow(JsonSyntaxError)
    }
  })

  it('keeps 64-bit integers exact and takes longer ones for reals', () => {
    const texts = [
      '9223372036854775807',
      '-9223372036854775808',
      '9223372036854775808',
      '-9223372036854775809',
      '1234567890123456',
      '-1234567890123456789',
      '-4294967296000000000',
      '1e999',
      '0',
      '-7',
    ]
    const columns = readColumns(parseRows(texts.map((text) => `{"n":${text}}`)))
    expect(columns.get('integer n')?.map(([, value]) => value)).toEqual([
      9223372036854775807n,
      -9223372036854775808n,
      1234567890123456n,
      -1234567890123456789n,
      -4294967296000000000n,
      0n,
      -7n,
    ])
    expect(columns.get('real n')?.map(([, value]) => value)).toEqual([2 ** 63, -(2 ** 63), Infinity])
  })

  it('takes hostile names and values for what they are', () => {
    const columns = readColumns(
      parseRows(['{"__proto__":{"polluted":1},"constructor":"c","a\\u0000b":"\\u0000","s":"\\ud800x","":2}']),
    )
    expect([...columns.keys()].sort()).toEqual([
      'integer ',
      'integer __proto__.polluted',
      'string a\0b',
      'string constructor',
      'string s',
    ])
    expect(columns.get('string s')).toEqual([[0, '\ufffdx']])
    expect(columns.get('string a\0b')).toEqual([[0, '\0']])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('keeps both values of a name that occurs twice', () => {
    expect(readColumns(parseRows(['{"a":"evil","a":"good"}'])).get('string a')).toEqual([
      [0, 'evil'],
      [0, 'good'],
    ])
  })

  it('gives no columns to what lies too deep, but checks it', () => {
    const deep = (size: number, inner: string): string =>
      `{"a":${'['.repeat(size)}${inner}${']'.repeat(size)},"b":1}`
    expect([...readColumns(parseRows([deep(MAX_DEPTH + 5000, '"x"')])).keys()]).toEqual(['integer b'])
    expect(() => parseRows([deep(MAX_DEPTH + 5, 'x')])).toThrow(JsonSyntaxError)
  })

  it('reads ten thousand fields and a value of many megabytes', () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `"field_${i}":${i}`)
    const long = 'x\\n'.repeat(4_000_000)
    const columns = readColumns(parseRows([`{${names.join(',')},"long":"${long}"}`]))
    expect(columns.size).toBe(10_001)
    expect(columns.get('string long')?.[0]?.[1]).toBe('x\n'.repeat(4_000_000))
  })

  it('says where the text goes wrong and what stands there', () => {
    const parser = new JsonRowParser(new BatchBuilder())
    const bytes = Buffer.from('{"a":1 "b":2}')
    expect(() => parser.parseObject(bytes, 0, bytes.length)).toThrow(
      `expected ',' or '}' at byte 8 of the row, found "\\""`,
    )
  })
})

function isAccepted(text: string, used: TextKernel | undefined): boolean {
  const bytes = used?.load(Buffer.from(text)) ?? Buffer.from(text)
  used?.release()
  try {
    const after = new JsonRowParser(new BatchBuilder(used ? { kernel: used } : {})).parseObject(
      bytes,
      0,
      bytes.length,
    )
    return bytes.toString('utf8', after).trim() === ''
  } catch (error) {
    if (error instanceof JsonSyntaxError) return false
    throw error
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
