import { RowSet } from '../../../../text/terms/row-set.ts'
import type { FieldEntry } from '../../index-handle.ts'
import { type AskContext, hasStrings } from '../ask-context.ts'
import type { FieldTest, TextTest } from '../match/field-test.ts'
import { type ExactNumber, singleNumber } from '../match/number-test.ts'
import { compileFieldTest } from '../match/test-value.ts'
import { aliasOf, constantOf, type StoredTarget } from '../plan/field-target.ts'
import { listWordNeeds } from '../plan/word-needs.ts'
import { findAttributes, findReplaced, findTagged } from './marked-rows.ts'
import { findPhrase } from './phrase-rows.ts'
import { findAll, findListed, findSome, type RowFinder } from './row-finder.ts'
import { cutToSegment, type SeqList } from './seq-list.ts'
import { findInLong } from './source-rows.ts'
import { findTerms, lookUpToken, lookUpTokens, lookUpWords } from './term-rows.ts'
import { findNumbers, findPresent } from './value-rows.ts'
import { findWholeValues } from './whole-rows.ts'

/** Finds events by a field, by what stands for it in their import's profile, and by what marks say of it. */
export function findInField(target: StoredTarget, test: FieldTest, context: AskContext): RowFinder {
  const find = findInProfile(target, test, context)
  if (!target.hasMarks) return find
  if (target.name === 'tag') return findTagged(find, target.own, test, context)
  const findGiven = findListed(() => Promise.resolve(findAttributes(target, test, context)))
  let replaced: SeqList | undefined
  return async (segment, within) => {
    replaced ??= findReplaced(target, context)
    const own = await find(segment, within.andNot(cutToSegment(replaced, segment)))
    return own.or(await findGiven(segment, within.andNot(own)))
  }
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
    const { number } = test
    const token = numberToken(singleNumber(number))
    if (token === undefined) finders.push(findListed(() => findNumbers(context, entry, number)))
    else finders.push(findToken(entry, token))
  }
  if (test.boolean !== undefined && hasKind(entry, context, 'b')) {
    const values = test.boolean === 'any' ? [true, false] : [test.boolean]
    finders.push(...values.map((value) => findToken(entry, String(value))))
  }
  return finders.length === 1 ? finders[0]! : findSome(finders)
}

/**
 * How a number stands in the word index, if an integer and a double of its value write themselves alike there. Beyond
 * 2^53 they may not, and the double's digits are then those of another integer.
 */
export function numberToken(number: ExactNumber | undefined): string | undefined {
  const token = String(number)
  return number !== undefined && String(Number(number)) === token ? token : undefined
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
      const findShort = findWholeValues(entry, matcher, context)
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

function hasKind(entry: FieldEntry, context: AskContext, ...kinds: readonly ('i' | 'r' | 'b')[]): boolean {
  const tall = context.kinds.get(entry.id)
  return kinds.some((kind) => entry.wide.has(kind) || tall?.has(kind))
}
