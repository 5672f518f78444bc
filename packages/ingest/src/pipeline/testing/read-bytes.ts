import { Buffer } from 'node:buffer'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatIsoTime, type Reject } from '@timeskein/model'
import { readEvidence } from '../read-evidence.ts'
import type { ReadAccount } from '../read-item.ts'
import type { ReadOptions } from '../read-options.ts'

/** All that reading some bytes gave, row by row. */
export interface Reading {
  readonly sources: string[]
  readonly times: string[]
  readonly lines: number[]
  readonly rejects: Reject[]
  readonly accounts: ReadAccount[]
  readonly refused: string[]
  readonly remarks: string[]
  readonly formats: string[]
  readonly fields: Set<string>
}

/** Reads bytes as a file of the name `evidence`. */
export async function readBytes(content: string | Uint8Array, options: ReadOptions = {}): Promise<Reading> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-read-'))
  try {
    const path = join(folder, 'evidence')
    await writeFile(path, content)
    return await readFile(path, options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function readFile(path: string, options: ReadOptions): Promise<Reading> {
  const result: Reading = {
    sources: [],
    times: [],
    lines: [],
    rejects: [],
    accounts: [],
    refused: [],
    remarks: [],
    formats: [],
    fields: new Set(),
  }
  for await (const item of readEvidence({ path, name: 'evidence' }, options)) {
    if (item.kind === 'batch') {
      const { source, timesUs, nanos, lines, rowCount, columns } = item.batch
      for (let row = 0; row < rowCount; row++) {
        result.sources.push(
          Buffer.from(source.bytes.subarray(source.offsets[row], source.offsets[row + 1])).toString(),
        )
        result.times.push(formatIsoTime(timesUs[row]!, nanos?.[row] ?? 0))
        result.lines.push(lines[row]!)
      }
      for (const column of columns) result.fields.add(column.field)
    } else if (item.kind === 'rejects') result.rejects.push(...item.rejects)
    else if (item.kind === 'end') {
      result.accounts.push(item.account)
      result.remarks.push(...item.remarks)
    } else if (item.kind === 'refused') result.refused.push(`${item.path}: ${item.reason}`)
    else result.formats.push(item.format)
  }
  return result
}

/** A line of JSON that is an event, the same for the same number. */
export const event = (i: number): string =>
  `{"datetime":"2024-01-01T00:00:${String(i % 60).padStart(2, '0')}Z","message":"m${i}"}`
/** The first events, a line each. */
export const eventLines = (count: number): string =>
  Array.from({ length: count }, (_, i) => event(i)).join('\n') + '\n'
