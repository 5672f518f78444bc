import { escapeWildcard } from '@timeskein/query'
import { encodePostings } from '../../../../text/terms/postings.ts'
import { RowSet } from '../../../../text/terms/row-set.ts'
import { RowSetBuilder } from '../../../../text/terms/row-set-builder.ts'
import { MAX_TOKEN_LENGTH } from '../../../../text/tokens/word-break.ts'
import type { Segment, TermFields, TermHit } from '../../index-handle.ts'
import type { Matcher } from '../match/matcher.ts'
import { termScanOf } from '../plan/term-scan-of.ts'
import type { WordNeed } from '../plan/word-needs.ts'
import { type RowFinder, rememberBySegment } from './row-finder.ts'

/** Looks words up in one segment. */
export type TermLookUp = (segment: Segment) => Promise<readonly TermHit[]>

/** Looks up one word. */
export function lookUpToken(token: string, fields: TermFields): TermLookUp {
  const scan = { exact: Buffer.from(token) }
  return (segment) => segment.findTerms(scan, fields)
}

/** Looks up some words. */
export function lookUpTokens(tokens: readonly string[], fields: TermFields): TermLookUp {
  if (tokens.length === 1) return lookUpToken(tokens[0]!, fields)
  const wanted = { tokens: tokens.map((token) => Buffer.from(token)) }
  return (segment) => segment.findTerms(wanted, fields)
}

/** Looks up all words that a matcher accepts. */
export function lookUpWords(matcher: Matcher, fields: TermFields): TermLookUp {
  const scan = termScanOf(matcher)
  return (segment) => segment.findTerms(scan, fields)
}

/**
 * Looks up all words that serve a need.
 *
 * A word that was cut inside the piece ends with a beginning of it, and the word after it begins with the rest.
 */
export function lookUpNeed(need: WordNeed, fields: TermFields): TermLookUp {
  const scan = termScanOf(need.matcher)
  if (!need.mayBeCut) return (segment) => segment.findTerms(scan, fields)
  const cuts = listBeginnings(need.text).map((beginning) => ({
    ends: {
      literal: Buffer.from(beginning),
      minBytes: MAX_TOKEN_LENGTH - 1,
      accepts: (token: string) => token.length >= MAX_TOKEN_LENGTH - 1 && token.endsWith(beginning),
    },
    begins: termScanOf({
      kind: 'pattern',
      pattern: `${escapeWildcard(need.text.slice(beginning.length))}*`,
      ignoreCase: false,
    }),
  }))
  return async (segment) => {
    const hits = [...(await segment.findTerms(scan, fields))]
    for (const { ends, begins } of cuts) {
      const firsts = await segment.findTerms(ends, fields)
      if (firsts.length === 0) continue
      hits.push(...joinByField(firsts, await segment.findTerms(begins, fields), segment))
    }
    return hits
  }
}

/** Rows that have a word of both lists in the same field. */
function joinByField(firsts: readonly TermHit[], rests: readonly TermHit[], segment: Segment): TermHit[] {
  return [...new Set(firsts.map((hit) => hit.field))].flatMap((field) => {
    const rows = hitRows(firsts, segment, field).and(hitRows(rests, segment, field))
    return rows.count === 0 ? [] : [{ field, postings: encodePostings(rows.toArray()) }]
  })
}

function listBeginnings(text: string): string[] {
  const characters = [...text]
  return characters.slice(1).map((_, at) => characters.slice(0, at + 1).join(''))
}

/** All rows of a segment among the hits, or those of one field. */
export function hitRows(hits: readonly TermHit[], segment: Segment, field?: number): RowSet {
  const builder = new RowSetBuilder(segment.rowCount)
  for (const hit of hits) if (field === undefined || hit.field === field) builder.addPostings(hit.postings, 0)
  return builder.finish()
}

/** Rows that have one of the words. */
export function findTerms(lookUp: TermLookUp): RowFinder {
  const remembered = rememberBySegment(lookUp)
  return async (segment, within) => {
    if (within.count === 0) return RowSet.none(segment.rowCount)
    return within.and(hitRows(await remembered(segment), segment))
  }
}
