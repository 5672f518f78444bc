import { Buffer } from 'node:buffer'
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Reject } from '@timeskein/model'
import { readEvidence, runHere } from '../../pipeline/read-evidence.ts'
import type { ReadAccount, StretchExecutor } from '../../pipeline/read-item.ts'
import type { ReadOptions } from '../../pipeline/read-options.ts'
import type { Mapping } from '../../schemas/mapping.ts'

/** What was made of a text. */
export interface LogReading {
  /** The events' JSON, in their order. */
  readonly events: readonly Readonly<Record<string, unknown>>[]
  readonly lines: readonly number[]
  readonly rejects: readonly Reject[]
  readonly remarks: readonly string[]
  readonly account: ReadAccount
  readonly mapping: Mapping
}

/** Reads a text as a file of its own, for tests. */
export async function readLog(
  content: string | Uint8Array,
  { changedUs, ...options }: ReadOptions & { readonly changedUs?: number } = {},
): Promise<LogReading> {
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-log-'))
  try {
    const path = join(folder, 'evidence')
    await writeFile(path, content)
    if (changedUs !== undefined) await utimes(path, changedUs / 1e6, changedUs / 1e6)
    return await readFileAsLog(path, options)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * Reads a file, for tests.
 *
 * @param executor - Kept by who reads many files: one has some megabytes of memory.
 */
export async function readFileAsLog(
  path: string,
  options: ReadOptions = {},
  executor: StretchExecutor<undefined> = runHere(),
): Promise<LogReading> {
  const events: Record<string, unknown>[] = []
  const lines: number[] = []
  const rejects: Reject[] = []
  let remarks: readonly string[] = []
  let account: ReadAccount | undefined
  let mapping: Mapping | undefined
  for await (const item of readEvidence({ path }, options, executor)) {
    if (item.kind === 'file') mapping = item.mapping
    else if (item.kind === 'rejects') rejects.push(...item.rejects)
    else if (item.kind === 'end') ({ account, remarks } = item)
    else if (item.kind === 'batch') {
      const { bytes, offsets } = item.batch.source
      for (let row = 0; row < item.batch.rowCount; row++) {
        events.push(JSON.parse(Buffer.from(bytes.subarray(offsets[row], offsets[row + 1])).toString()))
        lines.push(item.batch.lines[row]!)
      }
    }
  }
  if (!account || !mapping) throw new Error(`expected an account of ${path}, found none`)
  return { events, lines, rejects, remarks, account, mapping }
}
