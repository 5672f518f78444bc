import type { DatabaseSync } from 'node:sqlite'
import { MAX_TOLD_WARNINGS } from '../limits.ts'
import { relativePath } from '../piece/path-spec.ts'
import { ContainerUnpacker } from './container-unpacker.ts'
import { readRowsPastDamage } from './read-rows.ts'
import { LAST_KNOWN_VERSION, type StorageSchema } from './storage-schema.ts'

/** Tables of what Plaso could not do, and what each says. */
const WARNINGS: Readonly<Record<string, string>> = {
  extraction_error: 'while it read evidence',
  extraction_warning: 'while it read evidence',
  preprocessing_warning: 'while it prepared',
  recovery_warning: 'while it recovered what had been deleted',
  timelining_warning: 'while it made events',
  analysis_warning: 'while it analysed',
}

/** Says in sentences what a storage file tells beside its events: its version, and the warnings that Plaso kept in it. */
export function describeStorage(database: DatabaseSync, schema: StorageSchema): string[] {
  const remarks: string[] = []
  if (schema.version > LAST_KNOWN_VERSION) {
    remarks.push(
      `The storage format ${schema.version} is newer than ${LAST_KNOWN_VERSION}, the last one known here: its events were read as those of that version.`,
    )
  }
  for (const [table, when] of Object.entries(WARNINGS)) {
    if (schema.tables.has(table)) remarks.push(...describeWarnings(database, schema, table, when))
  }
  return remarks
}

function describeWarnings(
  database: DatabaseSync,
  { tables, isCompressed }: StorageSchema,
  table: string,
  when: string,
): string[] {
  const columns = tables.get(table)!
  const wanted = ['message', 'parser_chain', 'plugin_name', 'path_spec', '_data'].filter((name) =>
    columns.has(name),
  )
  const told: string[] = []
  let count = 0
  let gaps = 0
  const unpacker = new ContainerUnpacker(isCompressed)
  for (const item of readRowsPastDamage(database, table, ['_identifier', ...wanted].join(', '))) {
    if ('gap' in item) {
      if (++gaps <= MAX_TOLD_WARNINGS)
        told.push(`the table ${table} itself cannot be read from row ${item.gap.first} on`)
      continue
    }
    count++
    if (count <= MAX_TOLD_WARNINGS) told.push(describeWarning(item.row, unpacker))
  }
  if (count === 0) return told
  const more = count > MAX_TOLD_WARNINGS ? `; and ${count - MAX_TOLD_WARNINGS} more` : ''
  return [`Plaso had ${count} ${count === 1 ? 'warning' : 'warnings'} ${when}: ${told.join('; ')}${more}`]
}

function describeWarning(row: Readonly<Record<string, unknown>>, unpacker: ContainerUnpacker): string {
  let members = row
  try {
    if (row['_data'] !== undefined) members = JSON.parse(unpacker.unpack(row['_data']).toString('utf8'))
  } catch {
    return `one that cannot be read (row ${row['_identifier']})`
  }
  const { message, parser_chain: chain, plugin_name: plugin, path_spec: spec } = members
  const by = [chain, plugin].find((name) => typeof name === 'string' && name !== '')
  const path = readPath(spec)
  const text = String(message ?? 'without a message').replaceAll(/\s+/g, ' ')
  return `${by === undefined ? '' : `${by}: `}${text.slice(0, 300)}${path === undefined ? '' : ` (${path})`}`
}

function readPath(spec: unknown): string | undefined {
  try {
    return relativePath(typeof spec === 'string' ? JSON.parse(spec) : spec)
  } catch {
    // A warning is told without its path then.
    return undefined
  }
}
