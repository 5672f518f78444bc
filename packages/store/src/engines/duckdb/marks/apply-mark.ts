import type { MarkOperation, MarkOutcome } from '../../../event-store.ts'
import { encodePostings } from '../../../text/terms/postings.ts'
import type { AskContext } from '../ask/ask-context.ts'
import { type IndexSource, leaseIfPresent } from '../ask/index-source.ts'
import { parseEventId } from '../ask/page/event-id.ts'
import { findInEntry } from '../ask/rows/field-rows.ts'
import {
  cutToSegment,
  intersectSeqs,
  lowerBound,
  type SeqList,
  sortSeqs,
  subtractSeqs,
  uniteAllSeqs,
  uniteSeqs,
} from '../ask/rows/seq-list.ts'
import { type AskMemory, findHits, type OpenIndex, openScope } from '../ask/scope-hits.ts'
import type { FieldEntry } from '../index-handle.ts'
import { KEYWORD_MAX_UNITS } from '../layout.ts'
import { type AttributeGift, writeGifts } from './mark-record.ts'
import type { NewMark } from './write-marks.ts'

const NO_SEQS: SeqList = new Uint32Array(0)

/** An operation with the rows that it means. */
interface FoundOperation {
  readonly operation: MarkOperation
  readonly byIndex: Map<OpenIndex, SeqList>
  readonly gifts: Map<OpenIndex, AttributeGift[]>
  readonly outcome: MarkOutcome
}

/**
 * Puts marks on events: finds them, counts those it changes, and writes one row for each operation and index. An operation
 * that an index has already, after a crash for example, is not written a second time.
 */
export async function applyMarks(
  source: IndexSource,
  memory: AskMemory,
  operations: readonly MarkOperation[],
): Promise<readonly MarkOutcome[]> {
  const [first] = operations
  if (!first) return []
  using scope = await openScope(source, memory, first.scope, first.signal)
  const found: FoundOperation[] = []
  for (const operation of operations) {
    const one = await findOperation(scope.indexes, memory, operation)
    if (operation.isDroppedIfIdle && one.outcome.changed === 0) one.byIndex.clear()
    found.push(one)
  }
  for (const { operation, byIndex, outcome } of found) {
    const indexes = [...byIndex.keys()].map(({ context }) => context.handle.index)
    const { matched, changed } = outcome
    await operation.beforeWrite?.(indexes, { matched, changed })
  }
  for (const index of scope.indexes) {
    first.signal?.throwIfAborted()
    await writeOperations(
      found.filter(({ byIndex }) => byIndex.has(index)),
      index,
    )
  }
  return found.map(({ outcome }) => outcome)
}

async function findOperation(
  indexes: readonly OpenIndex[],
  memory: AskMemory,
  operation: MarkOperation,
): Promise<FoundOperation> {
  const { byIndex, unknownIds } = await findTargets(indexes, memory, operation)
  const gifts = findGifts(indexes, operation)
  let matched = 0
  let changed = 0
  for (const [index, seqs] of byIndex) {
    matched += seqs.length
    changed += await countChanged(operation, seqs, gifts.get(index) ?? [], index.context)
  }
  const [first] = indexes
  if (byIndex.size === 0 && first) byIndex.set(first, NO_SEQS)
  return { operation, byIndex, gifts, outcome: { matched, changed, unknownIds } }
}

/** See `EventStore.setMarkActive`. */
export async function setMarkActive(
  source: IndexSource,
  operationId: string,
  active: boolean,
  indexes?: readonly string[],
): Promise<boolean> {
  let found = false
  for (const index of indexes ?? (await source.list())) {
    using lease = await leaseIfPresent(source, index)
    if (!lease) continue
    const handle = lease.file
    const sql = `SELECT active FROM ${handle.schema}.marks WHERE operation_id = ?`
    for await (const { rowCount, columns } of handle.query(sql, [operationId])) {
      if (rowCount === 0) continue
      found = true
      if (columns[0]![0] === active) continue
      await handle.write((run) =>
        run(`UPDATE ${handle.schema}.marks SET active = ? WHERE operation_id = ?`, [active, operationId]),
      )
    }
  }
  return found
}

/** See `EventStore.listMarkOperations`: those taken back are in it too. */
export async function listMarkOperations(source: IndexSource, index: string): Promise<string[]> {
  using lease = await leaseIfPresent(source, index)
  if (!lease) return []
  const handle = lease.file
  const ids: string[] = []
  for await (const { rowCount, columns } of handle.query(
    `SELECT operation_id FROM ${handle.schema}.marks ORDER BY ordinal`,
  )) {
    for (let i = 0; i < rowCount; i++) ids.push(String(columns[0]![i]))
  }
  return ids
}

async function findTargets(
  indexes: readonly OpenIndex[],
  memory: AskMemory,
  { target, scope, signal }: MarkOperation,
): Promise<{ byIndex: Map<OpenIndex, SeqList>; unknownIds: string[] }> {
  if ('ids' in target) return findIds(indexes, target.ids)
  if ('rows' in target) return { byIndex: findRows(indexes, target.rows), unknownIds: [] }
  const request = { scope, query: target.query, ...(signal && { signal }) }
  const { hits } = await findHits(indexes, request, memory, undefined)
  const byIndex = new Map<OpenIndex, SeqList>()
  for (const index of indexes) {
    const own = hits.filter((hit) => hit.context === index.context)
    const seqs = new Uint32Array(own.reduce((sum, { rows }) => sum + rows.count, 0))
    let at = 0
    for (const { rows, segment } of own) {
      rows.forEach((row) => {
        seqs[at++] = segment.firstSeq + row
      })
    }
    if (seqs.length > 0) byIndex.set(index, seqs)
  }
  return { byIndex, unknownIds: [] }
}

function findIds(
  indexes: readonly OpenIndex[],
  ids: readonly string[],
): { byIndex: Map<OpenIndex, SeqList>; unknownIds: string[] } {
  const found = new Map<OpenIndex, number[]>()
  const unknownIds: string[] = []
  for (const id of new Set(ids)) {
    const place = locate(indexes, id)
    if (!place) {
      unknownIds.push(id)
      continue
    }
    const list = found.get(place.index)
    if (list) list.push(place.seq)
    else found.set(place.index, [place.seq])
  }
  return {
    byIndex: new Map([...found].map(([index, seqs]) => [index, sortSeqs(Uint32Array.from(seqs))])),
    unknownIds,
  }
}

/** Those of the rows that the scope has. */
function findRows(
  indexes: readonly OpenIndex[],
  rows: ReadonlyMap<string, Uint32Array>,
): Map<OpenIndex, SeqList> {
  const found = new Map<OpenIndex, SeqList>()
  for (const index of indexes) {
    const wanted = rows.get(index.context.handle.index)
    if (!wanted) continue
    const own = new Uint32Array(wanted.length)
    let count = 0
    for (const { firstSeq, rowCount } of index.segments.toSorted((a, b) => a.firstSeq - b.firstSeq)) {
      const part = wanted.subarray(lowerBound(wanted, firstSeq), lowerBound(wanted, firstSeq + rowCount))
      own.set(part, count)
      count += part.length
    }
    if (count > 0) found.set(index, own.slice(0, count))
  }
  return found
}

/** Where an event stands; undefined when the scope does not have it. */
function locate(indexes: readonly OpenIndex[], id: string): { index: OpenIndex; seq: number } | undefined {
  const parsed = parseEventId(id)
  if (!parsed) return undefined
  const { indexPrefix, seq } = parsed
  const index = indexes.find(({ context }) => context.handle.index.startsWith(indexPrefix))
  const isThere = index?.segments.some(
    ({ firstSeq, rowCount }) => seq >= firstSeq && seq < firstSeq + rowCount,
  )
  return index && isThere ? { index, seq } : undefined
}

/** What an operation `attributes` gives, index by index; equal values of one name are one gift. */
function findGifts(
  indexes: readonly OpenIndex[],
  { attributes = [] }: MarkOperation,
): Map<OpenIndex, AttributeGift[]> {
  const byIndex = new Map<OpenIndex, Map<string, { name: string; json: unknown; seqs: number[] }>>()
  for (const { id, name, json } of attributes) {
    const place = locate(indexes, id)
    if (!place) continue
    let drafts = byIndex.get(place.index)
    if (!drafts) {
      drafts = new Map()
      byIndex.set(place.index, drafts)
    }
    const key = JSON.stringify([name, json])
    const draft = drafts.get(key)
    if (draft) draft.seqs.push(place.seq)
    else drafts.set(key, { name, json, seqs: [place.seq] })
  }
  return new Map(
    [...byIndex].map(([index, drafts]) => [
      index,
      [...drafts.values()].map((draft) => ({ ...draft, seqs: sortSeqs(Uint32Array.from(draft.seqs)) })),
    ]),
  )
}

async function countChanged(
  operation: MarkOperation,
  seqs: SeqList,
  gifts: readonly AttributeGift[],
  context: AskContext,
): Promise<number> {
  switch (operation.kind) {
    case 'tag':
    case 'untag': {
      const tagged = await countTagged(operation.value, seqs, context)
      return operation.kind === 'tag' ? seqs.length - tagged : tagged
    }
    case 'label':
    case 'unlabel': {
      let labelled = 0
      for (const label of context.marks.labels) {
        if (label.name !== operation.value || label.sketchId !== operation.sketchId) continue
        labelled += intersectSeqs(seqs, label.seqs).length
      }
      return operation.kind === 'label' ? seqs.length - labelled : labelled
    }
    case 'attribute':
      return findChanged([{ name: operation.value, json: operation.json, seqs }], context).length
    case 'attributes':
      return findChanged(gifts, context).length
  }
}

/** Rows that are given a value which they do not have. */
function findChanged(gifts: readonly AttributeGift[], { marks }: AskContext): SeqList {
  const changed: SeqList[] = []
  for (const [name, own] of Map.groupBy(gifts, (gift) => gift.name)) {
    const there = new Map(
      (marks.attributes.get(name) ?? []).map(({ json, seqs }) => [JSON.stringify(json), seqs]),
    )
    for (const { json, seqs } of own)
      changed.push(subtractSeqs(seqs, there.get(JSON.stringify(json)) ?? NO_SEQS))
  }
  return uniteAllSeqs(changed)
}

/** How many of the rows have a tag: by marks, or from the source and not taken away. */
async function countTagged(tag: string, seqs: SeqList, context: AskContext): Promise<number> {
  const { marks, snapshot } = context
  const added = intersectSeqs(seqs, marks.tags.get(tag) ?? NO_SEQS)
  const entry = snapshot.fields.byName('tag')
  if (!entry) return added.length
  const inSource = await findSourceTagged(entry, tag, seqs, context)
  const kept = subtractSeqs(inSource, marks.removedTags.get(tag) ?? NO_SEQS)
  return uniteSeqs(added, kept).length
}

/** Those of the rows whose source has the tag, of any length. */
async function findSourceTagged(
  entry: FieldEntry,
  tag: string,
  seqs: SeqList,
  context: AskContext,
): Promise<SeqList> {
  const matcher = { kind: 'equal', text: tag, ignoreCase: false } as const
  const maxUnits = tag.length > KEYWORD_MAX_UNITS ? Number.POSITIVE_INFINITY : KEYWORD_MAX_UNITS
  const find = findInEntry(entry, { text: { kind: 'whole', matcher, maxUnits } }, context)
  const found: number[] = []
  for (const segment of context.snapshot.segments) {
    const within = cutToSegment(seqs, segment)
    if (within.count === 0) continue
    const rows = await find(segment, within)
    rows.forEach((row) => {
      found.push(segment.firstSeq + row)
    })
  }
  return sortSeqs(Uint32Array.from(found))
}

async function writeOperations(found: readonly FoundOperation[], index: OpenIndex): Promise<void> {
  if (found.length === 0) return
  await index.context.handle.addMarks(
    found.map(({ operation, byIndex, gifts }): NewMark => {
      const { id, kind, value, json, sketchId, userId, atUs } = operation
      const seqs = byIndex.get(index)!
      return {
        operationId: id,
        kind,
        value,
        json:
          kind === 'attributes'
            ? writeGifts(gifts.get(index) ?? [])
            : json === undefined
              ? null
              : JSON.stringify(json),
        sketchId,
        userId,
        atUs,
        seqs: seqs.length > 0 ? encodePostings(seqs) : new Uint8Array(0),
      }
    }),
  )
}
