import type { FieldInfo } from '../../../event-store.ts'
import { RowSet } from '../../../text/terms/row-set.ts'
import type { FieldEntry } from '../index-handle.ts'
import { measure } from './aggregate/metrics.ts'
import type { AskContext } from './ask-context.ts'
import { resolveField } from './plan/field-target.ts'
import { findInField } from './rows/field-rows.ts'
import { column } from './rows/value-rows.ts'
import { type AskMemory, catalogueOf, type OpenIndex } from './scope-hits.ts'

/** Kinds by the letters of columns; long strings are strings. */
const KIND_NAMES = { s: 'string', l: 'string', i: 'integer', r: 'real', b: 'boolean' } as const
type KindLetter = keyof typeof KIND_NAMES
type FieldKind = FieldInfo['kinds'][number]

/** A field whose cardinality is 0 where it is not wanted. */
export type CountedField = FieldInfo & { readonly cardinality: number }

interface Draft {
  readonly kinds: Set<FieldKind>
  eventCount: number
  cardinality: number
}

/**
 * The fields of a scope. Cardinalities of several indexes are those of the largest at least, so the greatest is given.
 *
 * @param cardinality - Whether they are wanted: of 400 columns and a million events they take ten times as long as all else.
 */
export async function listFields(
  indexes: readonly OpenIndex[],
  memory: AskMemory,
  cardinality: boolean,
): Promise<FieldInfo[]> {
  const drafts = new Map<string, Draft>()
  for (const index of indexes) {
    if (index.segments.length === 0) continue
    const stored = await memory.rememberFields(index, cardinality, () => listStored(index, cardinality))
    for (const info of await addVirtual(index, stored, cardinality)) {
      const draft = drafts.get(info.name)
      if (!draft) {
        drafts.set(info.name, { ...info, kinds: new Set(info.kinds) })
        continue
      }
      for (const kind of info.kinds) draft.kinds.add(kind)
      draft.eventCount += info.eventCount
      draft.cardinality = Math.max(draft.cardinality, info.cardinality)
    }
  }
  const infos = [...drafts].map(
    ([name, { kinds, eventCount, ...draft }]): FieldInfo => ({
      name,
      kinds: [...kinds].sort(),
      eventCount,
      ...(cardinality ? { cardinality: draft.cardinality } : {}),
    }),
  )
  return infos.filter(({ eventCount }) => eventCount > 0).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Fields that events themselves have. */
async function listStored({ context, segments }: OpenIndex, cardinality: boolean): Promise<CountedField[]> {
  const isWhole = segments.length === context.snapshot.segments.length
  const ranges = segments.map(
    ({ firstSeq, rowCount }) => `seq BETWEEN ${firstSeq} AND ${firstSeq + rowCount - 1}`,
  )
  const where = isWhole ? 'TRUE' : `(${ranges.join(' OR ')})`
  const found = new Map<number, Draft>()
  await addWide(context, where, found, cardinality)
  await addTall(context, where, found, cardinality)
  return [...found].flatMap(([id, draft]): CountedField[] => {
    const entry = context.snapshot.fields.byId(id)
    return entry ? [{ ...draft, name: entry.name, kinds: [...draft.kinds] }] : []
  })
}

/** The stored fields with those that every event has, that stand for others, or that marks changed. */
async function addVirtual(
  index: OpenIndex,
  stored: readonly CountedField[],
  cardinality: boolean,
): Promise<CountedField[]> {
  const rows = index.segments.reduce((sum, { rowCount }) => sum + rowCount, 0)
  const virtual: CountedField[] = [
    ...(await listVirtual(index, cardinality)),
    { name: 'datetime', kinds: ['date'], eventCount: rows, cardinality: rows },
    { name: 'timestamp', kinds: ['integer'], eventCount: rows, cardinality: rows },
  ]
  const taken = new Set(virtual.map(({ name }) => name))
  return [...stored.filter(({ name }) => !taken.has(name)), ...virtual]
}

/** Fields that live in profiles and marks, beside or instead of the events themselves. */
async function listVirtual({ context, segments }: OpenIndex, wanted: boolean): Promise<CountedField[]> {
  const catalogue = catalogueOf(context, 0)
  const names = new Set<string>(catalogue.markedFields)
  for (const { profile } of segments) {
    for (const name of Object.keys(profile.aliases)) names.add(name)
    for (const name of Object.keys(profile.constants)) names.add(name)
  }
  const infos: CountedField[] = []
  for (const name of names) {
    const target = resolveField(name, catalogue)
    if (target.kind !== 'stored') continue
    const find = findInField(target, { present: true }, context)
    let eventCount = 0
    for (const segment of segments) {
      eventCount += (await find(segment, RowSet.all(segment.rowCount))).count
    }
    const hits = segments.map((segment) => ({
      index: context.handle.index,
      segment,
      rows: RowSet.all(segment.rowCount),
      context,
    }))
    const distinct = wanted
      ? await measure({ kind: 'cardinality', field: name }, new Map([[context, target]]), [{ context, hits }])
      : undefined
    const cardinality = distinct?.kind === 'metric' ? (distinct.value ?? 0) : 0
    infos.push({ name, kinds: ['string'], eventCount, cardinality })
  }
  return infos
}

async function addWide(
  context: AskContext,
  where: string,
  found: Map<number, Draft>,
  cardinality: boolean,
): Promise<void> {
  const entries = [...context.snapshot.fields.all()].filter((entry) => entry.wide.size > 0)
  if (entries.length === 0) return
  const parts = entries.flatMap((entry) => {
    const columns = [...entry.wide].map((kind) => column(entry, kind))
    const present =
      columns.length === 1
        ? `count(${columns[0]})`
        : `count(*) FILTER (WHERE ${columns.map((name) => `${name} IS NOT NULL`).join(' OR ')})`
    const distinct = cardinality ? columns.map((name) => `approx_count_distinct(${name})`) : ['0']
    const eachCount = columns.map((name) => `count(${name})`)
    return [present, distinct.join(' + '), ...eachCount]
  })
  const sql = `SELECT ${parts.join(', ')} FROM ${context.handle.schema}.wide WHERE ${where}`
  for await (const { rowCount, columns } of context.handle.query(sql)) {
    if (rowCount === 0) continue
    let at = 0
    for (const entry of entries) {
      const eventCount = Number(columns[at++]![0])
      const cardinality = Number(columns[at++]![0])
      const kinds = new Set<FieldKind>()
      for (const kind of entry.wide) if (Number(columns[at++]![0]) > 0) kinds.add(KIND_NAMES[kind])
      if (eventCount > 0) found.set(entry.id, { kinds, eventCount, cardinality })
    }
  }
}

/** Adds what is in `tall`; a row that has the field in both tables counts once. */
async function addTall(
  context: AskContext,
  where: string,
  found: Map<number, Draft>,
  cardinality: boolean,
): Promise<void> {
  const { schema } = context.handle
  const shared = new Map<number, Draft>()
  const distinct = cardinality
    ? 'approx_count_distinct(COALESCE(text, CAST(whole AS VARCHAR), CAST(number AS VARCHAR), CAST(seq AS VARCHAR)))'
    : '0'
  const sql = `SELECT field, string_agg(DISTINCT kind, ''), count(DISTINCT seq), ${distinct}
    FROM ${schema}.tall WHERE ${where} GROUP BY field`
  for await (const { rowCount, columns } of context.handle.query(sql)) {
    for (let i = 0; i < rowCount; i++) {
      const id = Number(columns[0]![i])
      const kinds = new Set([...String(columns[1]![i])].map((letter) => KIND_NAMES[letter as KindLetter]))
      const tall: Draft = { kinds, eventCount: Number(columns[2]![i]), cardinality: Number(columns[3]![i]) }
      const wide = found.get(id)
      if (!wide) found.set(id, tall)
      else {
        for (const kind of kinds) wide.kinds.add(kind)
        wide.cardinality = wide.cardinality + tall.cardinality
        wide.eventCount += tall.eventCount
        if (mayShareRows(context.snapshot.fields.byId(id)!, String(columns[1]![i]))) shared.set(id, wide)
      }
    }
  }
  for (const [id, draft] of shared) draft.eventCount -= await countShared(context, id, where)
}

/** One row has values of one kind in one of the tables only, but may have a number here and texts there. */
function mayShareRows(entry: FieldEntry, tallKinds: string): boolean {
  const tall = new Set(tallKinds.replaceAll('l', 's'))
  return [...entry.wide].some((kind) => tall.size > 1 || !tall.has(kind))
}

async function countShared(context: AskContext, id: number, where: string): Promise<number> {
  const { schema } = context.handle
  const entry = context.snapshot.fields.byId(id)!
  const present = [...entry.wide].map((kind) => `${column(entry, kind)} IS NOT NULL`).join(' OR ')
  const sql = `SELECT count(*) FROM ${schema}.wide WHERE (${present}) AND ${where}
    AND seq IN (SELECT seq FROM ${schema}.tall WHERE field = ${id})`
  for await (const { columns } of context.handle.query(sql)) return Number(columns[0]![0])
  return 0
}
