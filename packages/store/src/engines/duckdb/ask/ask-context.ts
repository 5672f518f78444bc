import type { FieldEntry, IndexHandle, IndexSnapshot } from '../index-handle.ts'
import type { MarkState } from '../marks/fold-marks.ts'

/** One index at one moment, and the question's means to stop: what all steps of answering share. */
export interface AskContext {
  readonly handle: IndexHandle
  readonly snapshot: IndexSnapshot
  readonly marks: MarkState
  readonly kinds: FieldKinds
  readonly signal: AbortSignal | undefined
}

/** Kinds of values that fields have in the `tall` table, beside those of their wide columns. */
export type FieldKinds = ReadonlyMap<number, ReadonlySet<string>>

/** True when some event has a string in the field. */
export function hasStrings(entry: FieldEntry, kinds: FieldKinds): boolean {
  const tall = kinds.get(entry.id)
  return entry.wide.has('s') || (tall !== undefined && (tall.has('s') || tall.has('l')))
}

/** Reads which kinds of values each field has in the `tall` table. */
export async function loadFieldKinds(handle: IndexHandle): Promise<FieldKinds> {
  const kinds = new Map<number, Set<string>>()
  for await (const { rowCount, columns } of handle.query(
    `SELECT DISTINCT field, kind FROM ${handle.schema}.tall`,
  )) {
    for (let i = 0; i < rowCount; i++) {
      const field = Number(columns[0]![i])
      const known = kinds.get(field)
      if (known) known.add(String(columns[1]![i]))
      else kinds.set(field, new Set([String(columns[1]![i])]))
    }
  }
  return kinds
}
