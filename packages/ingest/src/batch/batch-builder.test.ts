import { Buffer } from 'node:buffer'
import type { EventBatch } from '@timeskein/model'
import { describe, expect, it } from 'vitest'
import { BatchBuilder } from './batch-builder.ts'
import { makeTextKernel } from './text-kernel.ts'

const at = (us: number) => ({
  store: (words: Int32Array, row: number): number => {
    words[row * 2] = us | 0
    words[row * 2 + 1] = Math.floor(us / 2 ** 32)
    return us % 1000
  },
})
const source = Buffer.from('{"a":1}')

describe('BatchBuilder', () => {
  it('hands out rows with times, nanoseconds, lines and source', () => {
    const builder = new BatchBuilder()
    for (let i = 0; i < 3000; i++) {
      builder.stringColumn('s').appendText(i, `value ${i}`)
      builder.commitRow(at(-1_000_000_000_000 + i), i + 1, source, 0, source.length)
    }
    const batch = builder.build()
    expect(batch.rowCount).toBe(3000)
    expect(batch.timesUs[7]).toBe(-999_999_999_993n)
    expect(batch.nanos?.length).toBe(3000)
    expect(batch.lines[2999]).toBe(3000)
    expect(batch.source.bytes.length).toBe(3000 * source.length)
    expect(batch.columns[0]!.rows[2999]).toBe(2999)
  })

  it('forgets the values of a dropped row, of every kind', () => {
    const builder = new BatchBuilder()
    const write = (): void => {
      builder.stringColumn('x').appendText(builder.row, 'text')
      builder.integerColumn('x').append(builder.row, 1, 0)
      builder.realColumn('x').append(builder.row, 1.5)
      builder.booleanColumn('x').append(builder.row, 1)
    }
    write()
    builder.dropRow()
    write()
    builder.commitRow(at(0), 2, source, 0, source.length)
    write()
    builder.dropRow()
    const batch = builder.build()
    expect(batch.columns.map(({ kind, rows }) => [kind, [...rows]])).toEqual([
      ['string', [0]],
      ['integer', [0]],
      ['real', [0]],
      ['boolean', [0]],
    ])
  })

  it('shares no buffer between a batch and what comes after it', () => {
    for (const kernel of [undefined, makeTextKernel()]) {
      const builder = new BatchBuilder(kernel ? { kernel } : {})
      const fill = (letter: string): void => {
        for (let i = 0; i < 20_000; i++) {
          builder.stringColumn('s').appendText(i, letter.repeat(10))
          builder.integerColumn('n').append(i, i, 0)
          builder.commitRow(at(0), 1, source, 0, source.length)
        }
      }
      fill('a')
      const first = builder.build()
      const sum = (): number =>
        listBuffers(first).reduce(
          (total, buffer) => total + new Uint8Array(buffer).reduce((a, b) => (a * 31 + b) | 0, 7),
          0,
        )
      const before = sum()
      fill('b')
      const second = builder.build()
      expect(sum()).toBe(before)
      expect(listBuffers(second).some((buffer) => listBuffers(first).includes(buffer))).toBe(false)
    }
  })
})

/** The buffers that a batch's arrays lie in. */
function listBuffers(batch: EventBatch): ArrayBuffer[] {
  const buffers = new Set<ArrayBufferLike>([
    batch.timesUs.buffer,
    batch.source.bytes.buffer,
    batch.source.offsets.buffer,
    batch.lines.buffer,
  ])
  if (batch.nanos) buffers.add(batch.nanos.buffer)
  for (const column of batch.columns) {
    buffers.add(column.rows.buffer)
    const values = column.values
    switch (values.kind) {
      case 'string':
        buffers.add(values.bytes.buffer)
        buffers.add(values.offsets.buffer)
        break
      case 'integer':
      case 'real':
        buffers.add(values.numbers.buffer)
        break
      case 'boolean':
        buffers.add(values.bits.buffer)
        break
      default:
        values satisfies never
    }
  }
  return [...buffers].filter((buffer) => buffer instanceof ArrayBuffer)
}
