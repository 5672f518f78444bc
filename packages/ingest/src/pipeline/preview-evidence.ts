import { type EventBatch, formatIsoTime, type Reject } from '@timeskein/model'
import type { EvidenceInput } from '../containers/open-input.ts'
import type { Mapping } from '../schemas/mapping.ts'
import { readEvidence } from './read-evidence.ts'
import type { RefusedItem } from './read-item.ts'
import type { ReadOptions } from './read-options.ts'

/** One row as it would be stored. */
export interface PreviewRow {
  readonly line: number
  /** ISO 8601 in UTC. */
  readonly datetime: string
  /** What stands for these fields: the row's own, else by the mapping; undefined where nothing does. */
  readonly message: string | undefined
  readonly timestampDesc: string | undefined
  /** The event's JSON text. */
  readonly source: string
}

/** One file, or entry of an archive, as it would be read. */
export interface FilePreview {
  readonly path: string
  readonly format: string
  readonly mapping: Mapping
  readonly reasons: readonly string[]
  readonly rows: readonly PreviewRow[]
  readonly rejects: readonly Reject[]
}

/** What an import would do. */
export interface EvidencePreview {
  readonly files: readonly FilePreview[]
  /** Entries of an archive that would not be read, and why. */
  readonly refused: readonly Pick<RefusedItem, 'path' | 'reason' | 'refusal'>[]
}

const PREVIEW_STRETCH_BYTES = 1024 * 1024

/**
 * Reads the beginning of an input and says how it would be imported. Of an archive, each entry is looked at.
 *
 * @param rowCount - Rows shown of each file. @default 10
 * @throws As `readEvidence`.
 */
export async function previewEvidence(
  input: EvidenceInput,
  options: ReadOptions = {},
  rowCount = 10,
): Promise<EvidencePreview> {
  const files: (FilePreview & { rows: PreviewRow[]; rejects: Reject[] })[] = []
  const refused: Pick<RefusedItem, 'path' | 'reason' | 'refusal'>[] = []
  const beginning = { ...options, stretchBytes: PREVIEW_STRETCH_BYTES, beginningOnly: true }
  for await (const item of readEvidence(input, beginning)) {
    const file = files.at(-1)
    switch (item.kind) {
      case 'file': {
        const { path, format, mapping, reasons } = item
        files.push({ path, format, mapping, reasons, rows: [], rejects: [] })
        break
      }
      case 'batch':
        for (let row = 0; row < item.batch.rowCount && file!.rows.length < rowCount; row++) {
          file!.rows.push(showRow(item.batch, row, file!.mapping))
        }
        break
      case 'rejects':
        file!.rejects.push(...item.rejects.slice(0, rowCount - file!.rejects.length))
        break
      case 'refused':
        if (item.isBegun) files.pop()
        refused.push({ path: item.path, reason: item.reason, refusal: item.refusal })
        break
      case 'end':
        break
      default:
        item satisfies never
    }
  }
  return { files, refused }
}

function showRow(batch: EventBatch, row: number, mapping: Mapping): PreviewRow {
  const { bytes, offsets } = batch.source
  const source = new TextDecoder().decode(bytes.subarray(offsets[row], offsets[row + 1]))
  const record: unknown = JSON.parse(source)
  const { aliases, constants } = mapping.profile
  const find = (name: string): string | undefined => {
    const alias = Object.hasOwn(aliases, name) ? aliases[name] : undefined
    const constant = Object.hasOwn(constants, name) ? constants[name] : undefined
    const value =
      findValue(record, name) ?? (alias === undefined ? undefined : findValue(record, alias)) ?? constant
    return value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value)
  }
  return {
    line: batch.lines[row]!,
    datetime: formatIsoTime(batch.timesUs[row]!, batch.nanos?.[row] ?? 0),
    message: find('message'),
    timestampDesc: find('timestamp_desc'),
    source,
  }
}

/** The value at a dotted path, whichever of its dots part objects. */
function findValue(value: unknown, path: string): unknown {
  if (value === null || typeof value !== 'object') return undefined
  if (Object.hasOwn(value, path)) return (value as Record<string, unknown>)[path] ?? undefined
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const head = path.slice(0, dot)
    if (!Object.hasOwn(value, head)) continue
    const found = findValue((value as Record<string, unknown>)[head], path.slice(dot + 1))
    if (found !== undefined) return found
  }
  return undefined
}
