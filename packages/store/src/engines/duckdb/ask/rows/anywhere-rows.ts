import { RowSet } from '../../../../text/terms/row-set.ts'
import type { Segment, TermFields, TermHit } from '../../index-handle.ts'
import { type AskContext, hasStrings } from '../ask-context.ts'
import type { FieldTest, TextTest } from '../match/field-test.ts'
import { singleNumber } from '../match/number-test.ts'
import { compileRawTest } from '../match/raw-source-test.ts'
import { someValue } from '../match/source-values.ts'
import { compileFieldTest, compileTextTest } from '../match/test-value.ts'
import type { DateSpan } from '../plan/date-span.ts'
import { TIME_FIELDS } from '../plan/field-target.ts'
import { listWordNeeds, phraseNeeds, type WordNeed } from '../plan/word-needs.ts'
import { findInEntry, numberToken } from './field-rows.ts'
import { findMarkedAnywhere, findTagged } from './marked-rows.ts'
import { findAll, findListed, findSome, type RowFinder, rememberBySegment } from './row-finder.ts'
import {
  findTerms,
  hitRows,
  lookUpNeed,
  lookUpToken,
  lookUpTokens,
  lookUpWords,
  type TermLookUp,
} from './term-rows.ts'
import { findRowsInSpan } from './time-rows.ts'
import { findAnyLong, findRealsAnywhere, findWholeAnywhere } from './value-rows.ts'
import { verifyRows } from './verify-rows.ts'

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
  if (tokens.length > 0) finders.push(findValues(tokens, skipped))
  const { number } = test
  const single = number && singleNumber(number)
  if (number && single !== undefined && numberToken(single) === undefined) {
    finders.push(findListed(() => findRealsAnywhere(context, number, skipped.ids)))
  }
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
  // Digits that are no double's are an integer's alone: doubles of that size are asked for as numbers.
  const tokens = single === undefined ? [] : [String(single)]
  if (test.boolean === 'any') tokens.push('true', 'false')
  else if (test.boolean !== undefined) tokens.push(String(test.boolean))
  return tokens
}

function findValues(tokens: readonly string[], skipped: Skipped): RowFinder {
  return findSome(tokens.map((token) => findTerms(lookUpToken(token, { except: skipped.ids }))))
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
      const isAny = test.operator === 'or'
      const lookUps = isAny
        ? [rememberBySegment(lookUpTokens(test.tokens, fields))]
        : test.tokens.map((token) => rememberBySegment(lookUpToken(token, fields)))
      return async (segment, within) => {
        const lists = await lookUpTexts(lookUps, segment, context)
        return within.and(isAny ? unite(lists, segment) : rowsInOneField(lists, segment))
      }
    }
    case 'word': {
      const lookUp = rememberBySegment(lookUpWords(test.matcher, fields))
      return async (segment, within) =>
        within.and(unite(await lookUpTexts([lookUp], segment, context), segment))
    }
    case 'phrase':
      return findVerified(phraseNeeds(test.tokens, test.prefix), test, skipped, context)
    case 'whole': {
      const needs = listWordNeeds(test.matcher)
      if (needs.length > 0) return findVerified(needs, test, skipped, context)
      const findShort = findListed(() => findWholeAnywhere(context, test.matcher, skipped.ids))
      if (test.maxUnits !== Number.POSITIVE_INFINITY) return findShort
      const findLong = findAll([findListed(() => findAnyLong(context)), findInSource(test, skipped, context)])
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
  const lookUps = needs.map((need) => rememberBySegment(lookUpNeed(need, { except: skipped.ids })))
  const findPassing = findInSource(test, skipped, context)
  return async (segment, within) => {
    const lists = await lookUpTexts(lookUps, segment, context)
    return findPassing(segment, within.and(rowsInOneField(lists, segment)))
  }
}

/** Rows with a string in some field that passes, read from the source. */
function findInSource(test: TextTest, skipped: Skipped, context: AskContext): RowFinder {
  const passes = compileTextTest(test)
  const passesRaw = skipped.names.has('tag') ? undefined : compileRawTest(test, undefined)
  const hasPassing = (event: unknown): boolean =>
    someValue(event, skipped.names, (value) => typeof value === 'string' && passes(value))
  return (segment, within) => verifyRows(context, segment, within, hasPassing, passesRaw)
}

/** Hits in fields that have text: numbers stand in the word index too, and are asked for as numbers. */
async function lookUpTexts(
  lookUps: readonly TermLookUp[],
  segment: Segment,
  { snapshot, kinds }: AskContext,
): Promise<(readonly TermHit[])[]> {
  const lists: (readonly TermHit[])[] = []
  for (const lookUp of lookUps) {
    const hits = await lookUp(segment)
    lists.push(
      hits.filter((hit) => {
        const entry = snapshot.fields.byId(hit.field)
        return entry !== undefined && hasStrings(entry, kinds)
      }),
    )
  }
  return lists
}

/** Rows that have a hit of each list in the same field. */
function rowsInOneField(lists: readonly (readonly TermHit[])[], segment: Segment): RowSet {
  const [first, ...others] = lists
  if (!first) return RowSet.none(segment.rowCount)
  if (others.length === 0) return hitRows(first, segment)
  let found = RowSet.none(segment.rowCount)
  for (const field of new Set(first.map((hit) => hit.field))) {
    let rows = hitRows(first, segment, field)
    for (const hits of others) {
      if (rows.count === 0) break
      rows = rows.and(hitRows(hits, segment, field))
    }
    found = found.or(rows)
  }
  return found
}

function unite(lists: readonly (readonly TermHit[])[], segment: Segment): RowSet {
  return hitRows(lists.flat(), segment)
}
