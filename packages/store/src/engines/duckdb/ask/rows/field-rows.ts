import { RowSet } from '../../../../text/row-set.ts'
import type { FieldEntry } from '../../index-handle.ts'
import { type AskContext, hasStrings } from '../ask-context.ts'
import type { FieldTest, TextTest } from '../match/field-test.ts'
import { singleNumber } from '../match/number-test.ts'
import { compileRawTest } from '../match/raw-source-test.ts'
import { someValueAt } from '../match/source-values.ts'
import { compileFieldTest, compileTextTest } from '../match/test-value.ts'
import { aliasOf, constantOf, type StoredTarget } from '../plan/field-target.ts'
import { listWordNeeds, phraseNeeds, type WordNeed } from '../plan/word-needs.ts'
import { findAttributes, findTagged } from './marked-rows.ts'
import { findAll, findListed, findSome, type RowFinder } from './row-finder.ts'
import { cutToSegment, type SeqList } from './seq-list.ts'
import { findTerms, lookUpNeed, lookUpToken, lookUpTokens, lookUpWords } from './term-rows.ts'
import {
  findLong,
  findNumbers,
  findPhraseInColumns,
  findPresent,
  findWhole,
  quickPhraseOf,
} from './value-rows.ts'
import { verifyRows } from './verify-rows.ts'

/** Up to so many candidates a phrase is looked for in the source text at once; beyond, short values are read first. */
const FEW_CANDIDATES = 2000

/** Finds events by a field, by what stands for it in their import's profile, and by what marks say of it. */
export function findInField(target: StoredTarget, test: FieldTest, context: AskContext): RowFinder {
  const find = findInProfile(target, test, context)
  if (!target.hasMarks) return find
  if (target.name === 'tag') return findTagged(find, target.own, test, context)
  return findSome([find, findListed(() => Promise.resolve(findAttributes(target.name, test, context)))])
}

/** Own values first; where a row has none, the alias's; where it has neither, the constant. */
function findInProfile(target: StoredTarget, test: FieldTest, context: AskContext): RowFinder {
  const findOwn = target.own ? findInEntry(target.own, test, context) : undefined
  if (target.aliases.length === 0 && !target.hasConstants) return findOwn ?? findNothing
  const findOwnPresent = target.own ? findInEntry(target.own, { present: true }, context) : undefined
  const aliases = new Map(
    target.aliases.map((entry) => [
      entry.name,
      {
        find: findInEntry(entry, test, context),
        present: findInEntry(entry, { present: true }, context),
      },
    ]),
  )
  const passes = compileFieldTest(test)
  return async (segment, within) => {
    let found = findOwn ? await findOwn(segment, within) : RowSet.none(segment.rowCount)
    const alias = aliases.get(aliasOf(segment, target.name) ?? '')
    const constant = constantOf(segment, target.name)
    if (!alias && constant === undefined) return found
    let rest = within
    if (findOwnPresent) rest = rest.andNot(await findOwnPresent(segment, rest))
    if (alias) {
      found = found.or(await alias.find(segment, rest))
      if (constant !== undefined) rest = rest.andNot(await alias.present(segment, rest))
    }
    return constant !== undefined && passes(constant) ? found.or(rest) : found
  }
}

/** Finds rows by the values of one stored field. */
export function findInEntry(entry: FieldEntry, test: FieldTest, context: AskContext): RowFinder {
  if (test.present) return findListed(() => findPresent(context, entry))
  const finders: RowFinder[] = []
  if (test.text) finders.push(findText(entry, test.text, context))
  if (test.number && hasKind(entry, context, 'i', 'r')) {
    const single = singleNumber(test.number)
    const { number } = test
    if (single === undefined) finders.push(findListed(() => findNumbers(context, entry, number)))
    else finders.push(...valueTokens(single).map((token) => findToken(entry, token)))
  }
  if (test.boolean !== undefined && hasKind(entry, context, 'b')) {
    const values = test.boolean === 'any' ? [true, false] : [test.boolean]
    finders.push(...values.map((value) => findToken(entry, String(value))))
  }
  return finders.length === 1 ? finders[0]! : findSome(finders)
}

/** How a number stands in the word index: as an integer and as a double write themselves. */
export function valueTokens(number: bigint | number): readonly string[] {
  return [...new Set([String(number), String(Number(number))])]
}

function findText(entry: FieldEntry, test: TextTest, context: AskContext): RowFinder {
  switch (test.kind) {
    case 'words': {
      if (!hasStrings(entry, context.kinds)) return findNothing
      if (test.operator === 'or') return findTerms(lookUpTokens(test.tokens, { only: entry.id }))
      return findAll(test.tokens.map((token) => findToken(entry, token)))
    }
    case 'word': {
      const { matcher } = test
      const looksAtNumbers = ['pattern', 'patterns', 'regexp'].includes(matcher.kind)
      if (!looksAtNumbers && !hasStrings(entry, context.kinds)) return findNothing
      return findTerms(lookUpWords(matcher, { only: entry.id }))
    }
    case 'whole': {
      const { matcher } = test
      const findShort = findListed(() => findWhole(context, entry, matcher))
      if (test.maxUnits !== Number.POSITIVE_INFINITY) return findShort
      return findSome([findShort, findInLong(entry, test, listWordNeeds(matcher), context)])
    }
    case 'phrase':
      return hasStrings(entry, context.kinds) ? findPhrase(entry, test, context) : findNothing
    case 'either':
      return findSome(test.of.map((part) => findText(entry, part, context)))
  }
}

const findNothing: RowFinder = (segment) => RowSet.none(segment.rowCount)

function findToken(entry: FieldEntry, token: string): RowFinder {
  return findTerms(lookUpToken(token, { only: entry.id }))
}

/** Rows whose long strings pass, read from the source; the words they need make the candidates. */
function findInLong(
  entry: FieldEntry,
  test: TextTest,
  needs: readonly WordNeed[],
  context: AskContext,
): RowFinder {
  const findPassing = findInSource(entry, test, context)
  let long: Promise<SeqList> | undefined
  const findNeeded = findAll(needs.map((need) => findTerms(lookUpNeed(need, { only: entry.id }))))
  return async (segment, within) => {
    long ??= findLong(context, entry)
    return findPassing(segment, await findNeeded(segment, within.and(cutToSegment(await long, segment))))
  }
}

/** Rows with a string in the field that passes, read from the source. */
function findInSource(entry: FieldEntry, test: TextTest, context: AskContext): RowFinder {
  const passes = compileTextTest(test)
  const passesRaw = compileRawTest(test, entry.name)
  const hasPassing = (event: unknown): boolean =>
    someValueAt(event, entry.name, (value) => typeof value === 'string' && passes(value))
  return (segment, within) => verifyRows(context, segment, within, hasPassing, passesRaw)
}

/**
 * Candidates have all words; then the text decides. Few candidates are read from the source; of many, those with a
 * short value are found in the columns, so that only long values are read from the source.
 */
function findPhrase(
  entry: FieldEntry,
  test: TextTest & { readonly kind: 'phrase' },
  context: AskContext,
): RowFinder {
  const passes = compileTextTest(test)
  const needs = phraseNeeds(test.tokens, test.prefix)
  const findCandidates = findAll(needs.map((need) => findTerms(lookUpNeed(need, { only: entry.id }))))
  const findFew = findInSource(entry, test, context)
  // All candidates of the index at once, as SQL answers for it as a whole; undefined when there are few.
  const listMany = async (): Promise<SeqList | undefined> => {
    const seqs: number[] = []
    for (const segment of context.snapshot.segments) {
      const rows = await findCandidates(segment, RowSet.all(segment.rowCount))
      for (const row of rows.toArray()) seqs.push(segment.firstSeq + row)
    }
    return seqs.length > FEW_CANDIDATES ? Uint32Array.from(seqs) : undefined
  }
  let many: Promise<SeqList | undefined> | undefined
  const quick = quickPhraseOf(test)
  const findShort = findListed(async () => findPhraseInColumns(context, entry, (await many)!, quick, passes))
  // Candidates have the words that long strings need already.
  const findMany = findSome([findShort, findInLong(entry, test, [], context)])
  return async (segment, within) => {
    const candidates = await findCandidates(segment, within)
    if (candidates.count === 0) return candidates
    many ??= listMany()
    return (await many) ? findMany(segment, candidates) : findFew(segment, candidates)
  }
}

function hasKind(entry: FieldEntry, context: AskContext, ...kinds: readonly ('i' | 'r' | 'b')[]): boolean {
  const tall = context.kinds.get(entry.id)
  return kinds.some((kind) => entry.wide.has(kind) || tall?.has(kind))
}
