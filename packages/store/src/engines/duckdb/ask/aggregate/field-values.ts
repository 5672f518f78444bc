import type { FieldEntry, SqlValue } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import type { SegmentHits } from '../page/event-page.ts'
import { aliasOf, constantOf, type StoredTarget } from '../plan/field-target.ts'
import { findInEntry } from '../rows/field-rows.ts'
import { column } from '../rows/value-rows.ts'
import { filterToHits, type HitGroup } from './hit-groups.ts'

/** Where the values of a field are for some hits of one index: rows of a stored field, or one value for all. */
export interface ValuePart {
  readonly hits: readonly SegmentHits[]
  readonly from: { readonly entry: FieldEntry } | { readonly constant: string }
}

/** Splits hits by where their values of a field are: own, the alias's where there is no own, the import's constant. */
export async function splitByValuePlace(
  target: StoredTarget,
  { context, hits }: HitGroup,
): Promise<ValuePart[]> {
  const parts: ValuePart[] = []
  if (target.own) parts.push({ hits, from: { entry: target.own } })
  if (target.aliases.length === 0 && !target.hasConstants) return parts
  const findOwn = target.own && findInEntry(target.own, { present: true }, context)
  const aliases = new Map(
    target.aliases.map((entry) => [
      entry.name,
      { entry, findPresent: findInEntry(entry, { present: true }, context) },
    ]),
  )
  const byEntry = new Map<FieldEntry, SegmentHits[]>()
  const byConstant = new Map<string, SegmentHits[]>()
  for (const hit of hits) {
    const { segment } = hit
    const alias = aliases.get(aliasOf(segment, target.name) ?? '')
    const constant = constantOf(segment, target.name)
    if (!alias && constant === undefined) continue
    let rest = hit.rows
    if (findOwn) rest = rest.andNot(await findOwn(segment, rest))
    if (alias) {
      const present = await alias.findPresent(segment, rest)
      if (present.count > 0) addTo(byEntry, alias.entry, { ...hit, rows: present })
      rest = rest.andNot(present)
    }
    if (constant !== undefined && rest.count > 0) addTo(byConstant, constant, { ...hit, rows: rest })
  }
  for (const [entry, list] of byEntry) parts.push({ hits: list, from: { entry } })
  for (const [constant, list] of byConstant) parts.push({ hits: list, from: { constant } })
  return parts
}

/** Letters of the kinds of values that columns hold. */
export type ColumnLetter = 's' | 'i' | 'r' | 'b'

/** A SELECT of `seq` and `value`, and what its question marks stand for. */
export interface ValueSql {
  readonly sql: string
  readonly parameters: readonly SqlValue[]
}

const TALL_COLUMNS = { s: 'text', i: 'whole', r: 'number', b: 'whole' } as const

/**
 * SQL for the values of one kind that hits of one index have in a field; undefined when there can be none.
 *
 * @param cast - Put around each value, e.g. `CAST(# AS DOUBLE)` with `#` for the value.
 */
export function selectValues(
  entry: FieldEntry,
  kind: ColumnLetter,
  group: HitGroup,
  cast = '#',
): ValueSql | undefined {
  const { context } = group
  const { schema } = context.handle
  const { where, parameters } = filterToHits(group)
  const parts: string[] = []
  const given: SqlValue[] = []
  if (entry.wide.has(kind)) {
    const name = column(entry, kind)
    const value = cast.replaceAll('#', name)
    parts.push(`SELECT seq, ${value} AS value FROM ${schema}.wide WHERE ${name} IS NOT NULL AND ${where}`)
    given.push(...parameters)
  }
  if (hasTall(entry, kind, context)) {
    const value = cast.replaceAll('#', TALL_COLUMNS[kind])
    parts.push(
      `SELECT seq, ${value} AS value FROM ${schema}.tall
        WHERE field = ${entry.id} AND kind = '${kind}' AND ${where}`,
    )
    given.push(...parameters)
  }
  if (parts.length === 0) return undefined
  return { sql: parts.join(' UNION ALL '), parameters: given }
}

/** Which kinds of values a field has, short strings being the only ones that count. */
export function kindsOf(entry: FieldEntry, context: AskContext): ColumnLetter[] {
  return (['s', 'i', 'r', 'b'] as const).filter(
    (kind) => entry.wide.has(kind) || hasTall(entry, kind, context),
  )
}

function hasTall(entry: FieldEntry, kind: ColumnLetter, { kinds }: AskContext): boolean {
  return kinds.get(entry.id)?.has(kind) ?? false
}

function addTo<K>(map: Map<K, SegmentHits[]>, key: K, hit: SegmentHits): void {
  const list = map.get(key)
  if (list) list.push(hit)
  else map.set(key, [hit])
}
