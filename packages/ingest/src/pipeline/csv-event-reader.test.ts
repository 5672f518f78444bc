import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RowWriter } from '../batch/row-writer.ts'
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
const columns = ['t', 'plain', '__proto__', 'say "hi"\n', 'größe']

describe('CsvEventReader', () => {
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
          const writer = new RowWriter(mapping)
          new CsvEventReader(writer, { dialect: RFC_4180, columns }).read(Buffer.from(`${csv}\r\n`), 2)
          const { batches, rejects } = writer.harvest()
          expect(rejects).toEqual([])
          const [batch] = batches
          const { bytes, offsets } = batch!.source
          const sources = texts.map((_, i) =>
            Buffer.from(bytes.subarray(offsets[i], offsets[i + 1])).toString(),
          )
          expect(sources.map((text) => new Map(Object.entries(JSON.parse(text))))).toEqual(
            texts.map(
              (cells) =>
                new Map(
                  columns.map((name, i) => [name, cells[i]] as const).filter(([, text]) => text !== ''),
                ),
            ),
          )
          for (const { field, rows: entries, values } of batch!.columns) {
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
