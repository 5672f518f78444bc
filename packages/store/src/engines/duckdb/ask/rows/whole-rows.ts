import { WHOLE_MARK } from '../../../../text/terms/packed-terms.ts'
import { MAX_TOKEN_BYTES } from '../../../../text/tokens/token-scanner.ts'
import type { FieldEntry } from '../../index-handle.ts'
import { KEYWORD_MAX_UNITS } from '../../layout.ts'
import type { AskContext } from '../ask-context.ts'
import type { Matcher } from '../match/matcher.ts'
import { findListed, type RowFinder } from './row-finder.ts'
import { findTerms } from './term-rows.ts'
import { findWhole } from './value-rows.ts'

/**
 * Rows with a string of at most 256 units in the field that the matcher accepts as a whole. Where a segment lists the
 * field's few different values, plain ones are looked up there; the columns answer for the others.
 */
export function findWholeValues(entry: FieldEntry, matcher: Matcher, context: AskContext): RowFinder {
  const findInColumns = findListed(() => findWhole(context, entry, matcher))
  const tokens = listTokens(matcher)
  if (!tokens) return findInColumns
  const findListedValues = findTerms((segment) =>
    segment.findTerms({ tokens }, { only: entry.id, as: 'whole' }),
  )
  return async (segment, within) =>
    (await segment.listsValues(entry.id))
      ? await findListedValues(segment, within)
      : await findInColumns(segment, within)
}

/** The accepted values as tokens; undefined where they cannot all be such. */
function listTokens(matcher: Matcher): Buffer[] | undefined {
  const texts = textsOf(matcher)
  if (!texts || texts.includes('')) return undefined
  const tokens = texts
    .filter(({ length }) => length <= KEYWORD_MAX_UNITS)
    .map((text) => Buffer.concat([Uint8Array.of(WHOLE_MARK), Buffer.from(text)]))
  // A segment that lists its values has none that are longer.
  return tokens.filter(({ length }) => length <= MAX_TOKEN_BYTES)
}

function textsOf(matcher: Matcher): readonly string[] | undefined {
  if (matcher.kind === 'oneOf') return matcher.texts
  return matcher.kind === 'equal' && !matcher.ignoreCase ? [matcher.text] : undefined
}
