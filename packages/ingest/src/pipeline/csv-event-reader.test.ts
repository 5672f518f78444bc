import { Buffer } from 'node:buffer'
import type { EventBatch } from '@timeskein/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RowWriter } from '../batch/row-writer.ts'
import { makeTextKernel } from '../batch/text-kernel.ts'
import { RFC_4180 } from '../csv/csv-dialect.ts'
import type { Mapping } from '../schemas/mapping.ts'
import { CsvEventReader } from './csv-event-reader.ts'

const mapping: Mapping = {
  schema: 'generic',
  times: [{ fields: ['t'], description: 'x' }],
  allTimes: [],
  timeZone: 'UTC',
  dayFirst: undefined,
  profile: { aliases: {}, constants: {} },
  reason: '',
}
const kernel = makeTextKernel()
const columns = ['t', 'plain', '__proto__', 'say "hi"\n', 'größe']

interface Read {
  readonly batch: EventBatch
  readonly sources: readonly string[]
}

function read(csv: string, names: readonly string[], withKernel: boolean): Read {
  const used = withKernel ? kernel : undefined
  const writer = new RowWriter(mapping, used ? { kernel: used } : {})
  const input = Buffer.from(csv)
  const bytes = used?.load(input) ?? input
  new CsvEventReader(writer, { dialect: RFC_4180, columns: names }).read(bytes, 2)
  const { batches, rejects } = writer.harvest()
  expect(rejects).toEqual([])
  const [batch] = batches
  const { bytes: text, offsets } = batch!.source
  const sources = Array.from(batch!.lines, (_, i) =>
    Buffer.from(text.subarray(offsets[i], offsets[i + 1])).toString(),
  )
  return { batch: batch!, sources }
}

/** Reads with a kernel, where there is one, and without: what comes out is the same. */
function readBoth(csv: string, names: readonly string[] = columns): Read {
  const plain = read(csv, names, false)
  if (kernel) expect(read(csv, names, true)).toEqual(plain)
  return plain
}

describe('CsvEventReader', () => {
  // The source text is what comes back to people and what repeated imports are recognised by: it must never change.
  it.each([
    ['plain', '{"t":"2024-01-01","plain":"plain"}'],
    ['"quoted, with ""quotes"""', '{"t":"2024-01-01","plain":"quoted, with \\"quotes\\""}'],
    ['"a" b""c', '{"t":"2024-01-01","plain":"a b\\"\\"c"}'],
    ['5" disk', '{"t":"2024-01-01","plain":"5\\" disk"}'],
    ['C:\\Windows\\', '{"t":"2024-01-01","plain":"C:\\\\Windows\\\\"}'],
    ['"line\r\nline\ttab"', '{"t":"2024-01-01","plain":"line\\r\\nline\\ttab"}'],
    ['\b\f\0\x01\x1b\x1f\x7f', '{"t":"2024-01-01","plain":"\\b\\f\\u0000\\u0001\\u001b\\u001f\x7f"}'],
    ['/path/é😀\u2028', '{"t":"2024-01-01","plain":"/path/é😀\u2028"}'],
    ['  spaces  ', '{"t":"2024-01-01","plain":"  spaces  "}'],
    ['""', '{"t":"2024-01-01"}'],
    ['=1+1', '{"t":"2024-01-01","plain":"=1+1"}'],
    [
      `${'x'.repeat(15)}\\${'y'.repeat(16)}"`,
      `{"t":"2024-01-01","plain":"${'x'.repeat(15)}\\\\${'y'.repeat(16)}\\""}`,
    ],
  ])('keeps the cell %j as it has always been kept', (cell, source) => {
    expect(readBoth(`2024-01-01,${cell},,,\n`).sources).toEqual([source])
  })

  it('writes hostile names as it has always written them', () => {
    expect(readBoth('2024-01-01,a,b,c,d\n').sources).toEqual([
      '{"t":"2024-01-01","plain":"a","__proto__":"b","say \\"hi\\"\\n":"c","größe":"d"}',
    ])
  })

  it('reads rows that have no room in the kernel, beside others that have', () => {
    const long = 'z\\'.repeat(1_000_000)
    const { sources, batch } = readBoth(`2024-01-01,a,,,\n2024-01-01,${long},,,\n2024-01-01,"""b",,,\n`)
    expect(sources[1] === `{"t":"2024-01-01","plain":${JSON.stringify(long)}}`).toBe(true)
    expect([sources[0], sources[2]]).toEqual([
      '{"t":"2024-01-01","plain":"a"}',
      '{"t":"2024-01-01","plain":"\\"b"}',
    ])
    expect(batch.columns.map(({ rows }) => [...rows])).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ])
  })

  it('reads more columns than the kernel keeps names of', () => {
    const names = ['t', ...Array.from({ length: 3000 }, (_, i) => `${'name'.repeat(10)} ${i}`)]
    const cells = names.map((_, i) => (i === 0 ? '2024-01-01' : `cell ${i}`))
    const { sources } = readBoth(`${cells.join(',')}\n`, names)
    expect(sources).toEqual([JSON.stringify(Object.fromEntries(names.map((name, i) => [name, cells[i]])))])
  })

  it('gives back any cells as JSON text and as columns', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', '\\', ',', '\n', '\r', '\t', '\0', '\u001f', 'é', '😀', '=', ' '),
    })
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 10 }),
        (rows) => {
          const texts = rows.map((cells) => ['2024-01-01', ...cells])
          const csv = texts
            .map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))
            .join('\r\n')
          const { batch, sources } = readBoth(`${csv}\r\n`)
          expect(sources.map((text) => new Map(Object.entries(JSON.parse(text))))).toEqual(
            texts.map(
              (cells) =>
                new Map(
                  columns.map((name, i) => [name, cells[i]] as const).filter(([, text]) => text !== ''),
                ),
            ),
          )
          for (const { field, rows: entries, values } of batch.columns) {
            if (values.kind !== 'string') throw new Error('not text')
            entries.forEach((row, i) => {
              const text = Buffer.from(
                values.bytes.subarray(values.offsets[i], values.offsets[i + 1]),
              ).toString()
              expect(text).toBe(texts[row]![columns.indexOf(field)])
            })
          }
        },
      ),
    )
  })
})
