import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import type { ByteSource } from '../containers/byte-source.ts'
import { RFC_4180 } from '../csv/csv-dialect.ts'
import { splitStretches } from './split-stretches.ts'
import { StretchRunner, type TextFormat } from './stretch.ts'
import type { StretchBuffers } from './stretch-buffers.ts'

const format: TextFormat = { kind: 'csv', dialect: RFC_4180, columns: ['datetime', 'user', 'message'] }
const mapping = {
  schema: 'generic',
  times: [{ fields: ['datetime'], description: 'x' }],
  allTimes: [],
  timeZone: 'UTC',
  dayFirst: undefined,
  profile: { aliases: {}, constants: {} },
  reason: '',
}
const STRETCH_BYTES = 1000
const MAX_BYTES = 8000

function makeSource(text: string): ByteSource {
  const bytes = Buffer.from(text)
  let at = 0
  return {
    truncation: undefined,
    async read(target, start) {
      const size = bytes.copy(target, start, at, Math.min(bytes.length, at + target.length - start))
      at += size
      return size
    },
  }
}

/** Memory for stretches of which nothing is left where it comes back. */
function makeBuffers(): StretchBuffers {
  const free: SharedArrayBuffer[] = []
  return {
    take(sizeBytes) {
      const at = free.findIndex(({ byteLength }) => byteLength === sizeBytes)
      return at < 0 ? new SharedArrayBuffer(sizeBytes) : free.splice(at, 1)[0]!
    },
    giveBack(buffer) {
      new Uint8Array(buffer).fill(0x22)
      free.push(buffer)
    },
  }
}

/** Cuts a text into small stretches and reads them: lines of the rows kept, and line and reason of those that are not. */
async function readAll(text: string, rowFormat: TextFormat = format) {
  const kept: number[] = []
  const rejected: { readonly line: number; readonly reason: string; readonly detail: string }[] = []
  const sizes: number[] = []
  const runner = new StretchRunner()
  const buffers = makeBuffers()
  let source = ''
  const pieces = splitStretches(makeSource(text), rowFormat, 0, STRETCH_BYTES, MAX_BYTES, buffers)
  for await (const piece of pieces) {
    if (piece.kind === 'reject') {
      rejected.push(piece.reject)
      continue
    }
    sizes.push(piece.bytes.length)
    const settings = { format: rowFormat, mapping, times: 'first' as const }
    const { batches, rejects } = runner.run({ textId: 'text', settings, ...piece })
    const { buffer } = piece.bytes
    if (buffer instanceof SharedArrayBuffer) buffers.giveBack(buffer)
    for (const batch of batches) {
      kept.push(...batch.lines)
      source += Buffer.from(batch.source.bytes).toString()
    }
    rejected.push(...rejects)
  }
  return { kept, rejected, sizes, source }
}

function makeRows(count: number, message = 'something happened'): string {
  return Array.from({ length: count }, (_, i) => `2024-01-01T00:00:00Z,user ${i},${message}\n`).join('')
}

describe('splitStretches of CSV', () => {
  it('loses one line, and says which, where a quote is opened and never closed', async () => {
    const { kept, rejected } = await readAll(`${makeRows(3)}2024-01-01T00:00:00Z,"stray,x\n${makeRows(1000)}`)
    expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([[4, 'bad-csv']])
    expect(rejected[0]!.detail).toContain('a quote opened on line 4')
    expect(kept).toHaveLength(1003)
    expect(kept.at(-1)).toBe(1004)
  })

  it('loses one line where the next quote is far away', async () => {
    const stray = '2024-01-01T00:00:00Z,"stray,x\n'
    for (const next of ['2024-01-01T00:00:00Z,u,5"\n', '2024-01-01T00:00:00Z,"u, v",x\n']) {
      const { kept, rejected } = await readAll(stray + makeRows(20) + next + makeRows(30))
      expect(rejected.map(({ line, reason }) => [line, reason])).toEqual([[1, 'bad-csv']])
      expect(kept).toHaveLength(51)
      const far = await readAll(stray + makeRows(1000) + next + makeRows(30))
      expect(far.rejected.map(({ line }) => line)).toEqual([1])
      expect(far.kept).toHaveLength(1031)
    }
  })

  it('loses one line for each of many stray quotes', async () => {
    const text = `2024-01-01T00:00:00Z,"stray,x\n${makeRows(400)}`.repeat(5)
    const { kept, rejected } = await readAll(text)
    expect(rejected.map(({ line }) => line)).toEqual([1, 402, 803, 1204, 1605])
    expect(kept).toHaveLength(2000)
  })

  it('keeps a cell of many lines whole, whatever is in it', async () => {
    for (const line of ['a line of text', 'one, two, three', '2024-01-01T00:00:00Z,user,x', '']) {
      const cell = `${line}\n`.repeat(Math.floor(7000 / (line.length + 1)))
      const { kept, rejected, source } = await readAll(
        `${makeRows(30)}2024-01-01T00:00:00Z,user,"${cell}"\n${makeRows(30)}`,
      )
      expect(rejected).toEqual([])
      expect(kept).toHaveLength(61)
      expect(source).toContain(`"message":${JSON.stringify(cell)}}`)
    }
  })

  it('keeps a last row of many lines that has no line end', async () => {
    const cell = 'a line of text\n'.repeat(300)
    const { kept, rejected } = await readAll(`${makeRows(3)}2024-01-01T00:00:00Z,user,"${cell}"`)
    expect(rejected).toEqual([])
    expect(kept).toEqual([1, 2, 3, 4])
  })

  it('rejects a row beyond the limit whole when what is in it are no rows', async () => {
    const { kept, rejected } = await readAll(
      `${makeRows(3)}2024-01-01T00:00:00Z,"${'text\n'.repeat(3000)}",x\n${makeRows(3)}`,
    )
    expect(rejected[0]).toMatchObject({ line: 4, reason: 'row-too-large' })
    expect(kept.slice(0, 3)).toEqual([1, 2, 3])
    expect(kept.at(-1)).toBe(3007)
  })

  it('cuts again into small stretches after a long row', async () => {
    const { sizes } = await readAll(
      `2024-01-01T00:00:00Z,user,"${'a line of text\n'.repeat(400)}"\n${makeRows(300)}`,
    )
    expect(sizes[0]).toBeGreaterThan(6000)
    expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(STRETCH_BYTES)
  })
})
