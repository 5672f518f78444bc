import { RowSet } from '../../../../text/terms/row-set.ts'
import { PHRASE_VERDICTS, type PlacedToken, placePhrase } from '../../../../text/terms/term-positions.ts'
import type { FieldEntry, Segment } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import type { TextTest } from '../match/field-test.ts'
import { compileTextTest } from '../match/test-value.ts'
import { phraseNeeds } from '../plan/word-needs.ts'
import { findAll, findListed, findSome, type RowFinder, rememberBySegment } from './row-finder.ts'
import type { SeqList } from './seq-list.ts'
import { findInLong, findInSource } from './source-rows.ts'
import { findTerms, hitRows, lookUpNeed, lookUpToken } from './term-rows.ts'
import { findPhraseInColumns, quickPhraseOf } from './value-rows.ts'

/** Up to so many rows a phrase is looked for in the source text at once; beyond, short values are read first. */
const FEW_CANDIDATES = 2000

type PhraseTest = TextTest & { readonly kind: 'phrase' }

/** Rows of a segment that hold the phrase, and those that may. */
interface Judged {
  readonly present: RowSet
  readonly unsure: RowSet
}
type JudgeRows = (segment: Segment) => Promise<Judged>

/**
 * Rows with a phrase in the field. Candidates have all words; the places of frequent words say of most whether the
 * words stand one behind the other, and of the rest the text decides.
 */
export function findPhrase(entry: FieldEntry, test: PhraseTest, context: AskContext): RowFinder {
  // Rows of a segment are asked for in several steps.
  const judge = rememberBySegment(
    test.slop === 0 && !test.prefix ? judgeByPlaces(entry, test) : judgeByWords(entry, test),
  )
  const findByText = findInText(entry, test, context, judge)
  return async (segment, within) => {
    const { present, unsure } = await judge(segment)
    const found = within.and(present)
    const rest = within.and(unsure)
    return rest.count === 0 ? found : found.or(await findByText(segment, rest))
  }
}

function judgeByWords(entry: FieldEntry, test: PhraseTest): JudgeRows {
  const needs = phraseNeeds(test.tokens, test.prefix)
  const find = findAll(needs.map((need) => findTerms(lookUpNeed(need, { only: entry.id }))))
  return async (segment) => ({
    present: RowSet.none(segment.rowCount),
    unsure: await find(segment, RowSet.all(segment.rowCount)),
  })
}

function judgeByPlaces(entry: FieldEntry, test: PhraseTest): JudgeRows {
  const lookUps = new Map(
    test.tokens.map((token) => [token, lookUpToken(token, { only: entry.id, as: 'words with places' })]),
  )
  return async (segment) => {
    const none = RowSet.none(segment.rowCount)
    let candidates = RowSet.all(segment.rowCount)
    const placed = new Map<string, PlacedToken>()
    for (const [token, lookUp] of lookUps) {
      const hits = await lookUp(segment)
      candidates = candidates.and(hitRows(hits, segment))
      if (candidates.count === 0) return { present: none, unsure: none }
      placed.set(token, { postings: hits[0]!.postings, places: hits[0]!.places })
    }
    const judgeRow = placePhrase(
      test.tokens.map((token) => placed.get(token)!),
      segment.rowCount,
    )
    return judgeRow ? sortOut(candidates, judgeRow) : { present: none, unsure: candidates }
  }
}

function sortOut(candidates: RowSet, judgeRow: (row: number) => number): Judged {
  const present = new Uint32Array(candidates.count)
  const unsure: number[] = []
  let count = 0
  candidates.forEach((row) => {
    const verdict = judgeRow(row)
    if (verdict === PHRASE_VERDICTS.present) present[count++] = row
    else if (verdict === PHRASE_VERDICTS.unsure) unsure.push(row)
  })
  return {
    present: RowSet.fromSorted(present.slice(0, count), candidates.universe),
    unsure: RowSet.fromSorted(Uint32Array.from(unsure), candidates.universe),
  }
}

/**
 * Few rows are read from the source; of many, those with a short value are found in the columns, so that only long values
 * are read from the source.
 *
 * @param judge - Says which rows of any segment the text must decide on.
 */
function findInText(entry: FieldEntry, test: PhraseTest, context: AskContext, judge: JudgeRows): RowFinder {
  const passes = compileTextTest(test)
  const findFew = findInSource(entry, test, context)
  // Those of the whole index at once, as SQL answers for it as a whole; undefined when they are few.
  const listMany = async (): Promise<SeqList | undefined> => {
    const seqs: number[] = []
    for (const segment of context.snapshot.segments) {
      const { unsure } = await judge(segment)
      for (const row of unsure.toArray()) seqs.push(segment.firstSeq + row)
    }
    return seqs.length > FEW_CANDIDATES ? Uint32Array.from(seqs) : undefined
  }
  let many: Promise<SeqList | undefined> | undefined
  const quick = quickPhraseOf(test)
  const findShort = findListed(async () => findPhraseInColumns(context, entry, (await many)!, quick, passes))
  // The rows have the words that long strings need already.
  const findMany = findSome([findShort, findInLong(entry, test, [], context)])
  return async (segment, within) => {
    many ??= listMany()
    return (await many) ? findMany(segment, within) : findFew(segment, within)
  }
}
