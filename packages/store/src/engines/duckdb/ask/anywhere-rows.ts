import { RowSet } from '../../../text/row-set.ts'
import type { Segment } from '../index-handle.ts'
import { type AskContext, hasStrings } from './ask-context.ts'
import type { DateSpan } from './date-span.ts'
import { findInEntry, valueTokens } from './field-rows.ts'
import { TIME_FIELDS } from './field-target.ts'
import type { FieldTest, TextTest } from './field-test.ts'
import { findMarkedAnywhere, findTagged } from './marked-rows.ts'
import { singleNumber } from './number-test.ts'
import { compileRawTest } from './raw-source-test.ts'
import { findAll, findListed, findSome, type RowFinder } from './row-finder.ts'
import { someValue } from './source-values.ts'
import { hitRows, lookUpNeed, lookUpToken, lookUpWords, type TermFields, type TermHits } from './term-rows.ts'
import { compileFieldTest, compileTextTest } from './test-value.ts'
import { findRowsInSpan } from './time-rows.ts'
import { findAnyLong, findWholeAnywhere } from './value-rows.ts'
import { verifyRows } from './verify-rows.ts'
import { listWordNeeds, phraseNeeds, type WordNeed } from './word-needs.ts'

/** Fields that a question to all fields does not look at as text, by name and by number. */
interface Skipped {
  readonly names: ReadonlySet<string>
  readonly ids: ReadonlySet<number>
}

/** Finds events by any of their fields, the constants of their import, and their marks. */
export function findAnywhere(test: FieldTest, span: DateSpan | undefined, context: AskContext): RowFinder {
  const skipped = listSkipped(context)
  const finders: RowFinder[] = []
  if (span) finders.push(async (segment, within) => within.and(await findRowsInSpan(segment, span)))
  const tokens = listValueTokens(test)
  if (tokens.length > 0) finders.push(findValues(tokens, skipped, context))
  finders.push(findListed(Promise.resolve(findMarkedAnywhere(test, context))))
  finders.push(findConstants(test, context))
  const tag = context.snapshot.fields.byName('tag')
  if (tag && skipped.ids.has(tag.id)) {
    finders.push(findTagged(findInEntry(tag, test, context), tag, test, context))
  }
  if (test.text) finders.push(findText(test.text, skipped, context))
  return findSome(finders)
}

/** Times are asked as times; tags are asked for with their marks once marks took some away. */
function listSkipped({ snapshot, marks }: AskContext): Skipped {
  const names = new Set(TIME_FIELDS)
  if (marks.removedTags.size > 0) names.add('tag')
  const entries = [...names]
    .map((name) => snapshot.fields.byName(name))
    .filter((entry) => entry !== undefined)
  return { names, ids: new Set(entries.map((entry) => entry.id)) }
}

function listValueTokens(test: FieldTest): readonly string[] {
  const single = test.number && singleNumber(test.number)
  const tokens = single === undefined ? [] : [...valueTokens(single)]
  if (test.boolean === 'any') tokens.push('true', 'false')
  else if (test.boolean !== undefined) tokens.push(String(test.boolean))
  return tokens
}

function findValues(tokens: readonly string[], skipped: Skipped, context: AskContext): RowFinder {
  return findSome(
    tokens.map((token) =>
      findHits(() => lookUpToken(context, token, { except: skipped.ids }).then((hits) => hits)),
    ),
  )
}

function findHits(look: () => Promise<TermHits>): RowFinder {
  let hits: Promise<TermHits> | undefined
  return async (segment, within) => {
    hits ??= look()
    return within.and(hitRows(await hits, segment))
  }
}

function findConstants(test: FieldTest, context: AskContext): RowFinder {
  const passes = compileFieldTest(test)
  const { fields } = context.snapshot
  const present = new Map<string, RowFinder>()
  const findPresent = (name: string): RowFinder | undefined => {
    const entry = fields.byName(name)
    if (!entry) return undefined
    let find = present.get(name)
    if (!find) {
      find = findInEntry(entry, { present: true }, context)
      present.set(name, find)
    }
    return find
  }
  return async (segment, within) => {
    let found = RowSet.none(segment.rowCount)
    const { constants, aliases } = segment.profile
    for (const [name, value] of Object.entries(constants)) {
      if (!passes(value)) continue
      let rest = within.andNot(found)
      const stands = Object.hasOwn(aliases, name) ? [name, aliases[name]!] : [name]
      for (const other of stands) {
        const find = findPresent(other)
        if (find && rest.count > 0) rest = rest.andNot(await find(segment, rest))
      }
      found = found.or(rest)
    }
    return found
  }
}

function findText(test: TextTest, skipped: Skipped, context: AskContext): RowFinder {
  const fields: TermFields = { except: skipped.ids }
  switch (test.kind) {
    case 'words': {
      const looks = test.tokens.map((token) => once(() => lookUpToken(context, token, fields)))
      return async (segment, within) => {
        const lists: TermHits[] = []
        for (const look of looks) lists.push(textHits(await look(), segment, context))
        return within.and(test.operator === 'and' ? rowsInOneField(lists, segment) : unite(lists, segment))
      }
    }
    case 'word': {
      const look = once(() => lookUpWords(context, test.matcher, fields))
      return async (segment, within) => within.and(hitRows(textHits(await look(), segment, context), segment))
    }
    case 'phrase':
      return findVerified(phraseNeeds(test.tokens, test.prefix), test, skipped, context)
    case 'whole': {
      const needs = listWordNeeds(test.matcher)
      if (needs.length > 0) return findVerified(needs, test, skipped, context)
      const findShort = findListed(() => findWholeAnywhere(context, test.matcher, skipped.ids))
      if (test.maxUnits !== Number.POSITIVE_INFINITY) return findShort
      const findLong = findAll([
        findListed(() => findAnyLong(context)),
        (segment, within) => verify(segment, within, test, skipped, context),
      ])
      return findSome([findShort, findLong])
    }
    case 'either':
      return findSome(test.of.map((part) => findText(part, skipped, context)))
  }
}

/** Events that have all words in one field, by words or parts of words; then their text decides. */
function findVerified(
  needs: readonly WordNeed[],
  test: TextTest,
  skipped: Skipped,
  context: AskContext,
): RowFinder {
  const looks = needs.map((need) => once(() => lookUpNeed(context, need, { except: skipped.ids })))
  return async (segment, within) => {
    const lists: TermHits[] = []
    for (const look of looks) lists.push(textHits(await look(), segment, context))
    return verify(segment, within.and(rowsInOneField(lists, segment)), test, skipped, context)
  }
}

function verify(
  segment: Segment,
  candidates: RowSet,
  test: TextTest,
  skipped: Skipped,
  context: AskContext,
): Promise<RowSet> {
  const passes = compileTextTest(test)
  return verifyRows(
    context,
    segment,
    candidates,
    (event) => someValue(event, skipped.names, (value) => typeof value === 'string' && passes(value)),
    skipped.names.has('tag') ? undefined : compileRawTest(test, undefined),
  )
}

/** Hits in fields that have text: numbers stand in the word index too, and are asked for as numbers. */
function textHits(hits: TermHits, segment: Segment, { snapshot, kinds }: AskContext): TermHits {
  const kept = (hits.get(segment.id) ?? []).filter((hit) => {
    const entry = snapshot.fields.byId(hit.field)
    return entry !== undefined && hasStrings(entry, kinds)
  })
  return new Map([[segment.id, kept]])
}

/** Rows that have a hit of each list in the same field. */
function rowsInOneField(lists: readonly TermHits[], segment: Segment): RowSet {
  if (lists.length === 1) return hitRows(lists[0]!, segment)
  let found = RowSet.none(segment.rowCount)
  for (const field of new Set(lists[0]!.get(segment.id)!.map((hit) => hit.field))) {
    let rows = hitRows(lists[0]!, segment, field)
    for (const hits of lists.slice(1)) {
      if (rows.count === 0) break
      rows = rows.and(hitRows(hits, segment, field))
    }
    found = found.or(rows)
  }
  return found
}

function unite(lists: readonly TermHits[], segment: Segment): RowSet {
  return lists.reduce((found, hits) => found.or(hitRows(hits, segment)), RowSet.none(segment.rowCount))
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
