import { RowSet } from '../../../../text/terms/row-set.ts'
import type { FieldEntry } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import type { FieldTest } from '../match/field-test.ts'
import { someValue, someValueAt } from '../match/source-values.ts'
import { compileFieldTest, type PlainValue } from '../match/test-value.ts'
import type { StoredTarget } from '../plan/field-target.ts'
import type { RowFinder } from './row-finder.ts'
import { cutToSegment, type SeqList, uniteAllSeqs, uniteSeqs } from './seq-list.ts'
import { column } from './value-rows.ts'

const NO_SEQS: SeqList = new Uint32Array(0)

/** Rows to which marks gave a field a value that passes; arrays are several values. An object is there when anything in it is. */
export function findAttributes(
  { name, attributes }: Pick<StoredTarget, 'name' | 'attributes'>,
  test: FieldTest,
  { marks }: AskContext,
): SeqList {
  const passes = compileFieldTest(test)
  let found = NO_SEQS
  for (const owner of attributes) {
    const path = owner === name ? 'value' : `value.${name.slice(owner.length + 1)}`
    const holds =
      test.present && owner === name
        ? (json: unknown) => someValue({ value: json }, NOTHING_SKIPPED, passes)
        : (json: unknown) => someValueAt({ value: json }, path, passes)
    const values = marks.attributes.get(owner) ?? []
    found = uniteSeqs(found, uniteAllSeqs(values.filter(({ json }) => holds(json)).map(({ seqs }) => seqs)))
  }
  return found
}

const NOTHING_SKIPPED: ReadonlySet<string> = new Set()

/** Rows whose own values of a field do not count, since marks gave them others. */
export function findReplaced(
  { attributes }: Pick<StoredTarget, 'attributes'>,
  { marks }: AskContext,
): SeqList {
  return uniteAllSeqs(
    attributes.flatMap((owner) => (marks.attributes.get(owner) ?? []).map(({ seqs }) => seqs)),
  )
}

/** Rows that marks gave any attribute or tag with a value that passes. */
export function findMarkedAnywhere(test: FieldTest, context: AskContext): SeqList {
  const passes = compileFieldTest(test)
  let found = findAdded(test, context)
  for (const values of context.marks.attributes.values()) {
    const holding = values.filter(({ json }) => someValue({ value: json }, NOTHING_SKIPPED, passes))
    found = uniteSeqs(found, uniteAllSeqs(holding.map(({ seqs }) => seqs)))
  }
  return found
}

/** The field `tag` with what marks added to it and took from it. `find` looks at the source's own tags. */
export function findTagged(
  find: RowFinder,
  own: FieldEntry | undefined,
  test: FieldTest,
  context: AskContext,
): RowFinder {
  const { marks } = context
  const added = findAdded(test, context)
  let touched = NO_SEQS
  for (const seqs of marks.removedTags.values()) touched = uniteSeqs(touched, seqs)
  let left: Promise<SeqList> | undefined
  return async (segment, within) => {
    const rest = within.andNot(cutToSegment(touched, segment))
    let found = rest.count > 0 ? await find(segment, rest) : RowSet.none(segment.rowCount)
    if (rest.count < within.count && own) {
      left ??= findLeft(own, touched, test, context)
      found = found.or(within.and(cutToSegment(await left, segment)))
    }
    return found.or(within.and(cutToSegment(added, segment)))
  }
}

function findAdded(test: FieldTest, { marks }: AskContext): SeqList {
  const passes = compileFieldTest(test)
  let found = NO_SEQS
  for (const [tag, seqs] of marks.tags) if (passes(tag)) found = uniteSeqs(found, seqs)
  return found
}

/** Of rows that lost tags, those with another tag of their own that passes. */
async function findLeft(
  own: FieldEntry,
  touched: SeqList,
  test: FieldTest,
  context: AskContext,
): Promise<SeqList> {
  const passes = compileFieldTest(test)
  let found = NO_SEQS
  for (const [tag, seqs] of await readSourceTags(own, touched, context)) {
    if (!passes(tag)) continue
    const removed = typeof tag === 'string' ? context.marks.removedTags.get(tag) : undefined
    const gone = new Set(removed)
    found = uniteSeqs(found, removed ? seqs.filter((seq) => !gone.has(seq)) : seqs)
  }
  return found
}

/** The source's own tags of some rows: rows by tag. Text longer than 256 units is no tag here. */
async function readSourceTags(
  own: FieldEntry,
  rows: SeqList,
  { handle, kinds, signal }: AskContext,
): Promise<Map<PlainValue, SeqList>> {
  const parts: string[] = []
  const parameters = []
  if (own.wide.has('s')) {
    parts.push(`SELECT seq, ${column(own, 's')} AS tag FROM ${handle.schema}.wide SEMI JOIN ? USING (seq)`)
    parameters.push({ seqs: rows })
  }
  if (kinds.get(own.id)?.has('s')) {
    parts.push(
      `SELECT seq, text AS tag FROM ${handle.schema}.tall SEMI JOIN ? USING (seq) WHERE field = ${own.id} AND kind = 's'`,
    )
    parameters.push({ seqs: rows })
  }
  const byTag = new Map<PlainValue, number[]>()
  if (parts.length > 0) {
    const sql = `SELECT seq, tag FROM (${parts.join(' UNION ALL ')}) WHERE tag IS NOT NULL ORDER BY seq`
    for await (const { rowCount, columns } of handle.query(sql, parameters, signal)) {
      for (let i = 0; i < rowCount; i++) {
        const tag = columns[1]![i] as string
        const seqs = byTag.get(tag)
        if (seqs) seqs.push(Number(columns[0]![i]))
        else byTag.set(tag, [Number(columns[0]![i])])
      }
    }
  }
  return new Map([...byTag].map(([tag, seqs]) => [tag, Uint32Array.from(new Set(seqs))]))
}
