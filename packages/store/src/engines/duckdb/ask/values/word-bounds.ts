import { RowSet } from '../../../../text/terms/row-set.ts'
import { RowSetBuilder } from '../../../../text/terms/row-set-builder.ts'
import type { WordBounds, WordQuestion } from '../../../../value-reading.ts'
import type { FieldEntry, Segment } from '../../index-handle.ts'
import { type AskContext, hasStrings } from '../ask-context.ts'
import { type FieldTest, readFieldTest } from '../match/field-test.ts'
import { compileFieldTest } from '../match/test-value.ts'
import { readWrittenTest } from '../match/written-test.ts'
import { TIME_FIELDS } from '../plan/field-target.ts'
import { listWordNeeds, type WordNeed } from '../plan/word-needs.ts'
import { findMarkedAnywhere } from '../rows/marked-rows.ts'
import type { OpenIndex } from '../scope-hits.ts'
import { Turns } from '../turns.ts'
import type { LongRows } from './long-rows.ts'
import { NeedTable } from './need-table.ts'
import { type NeedsOfQuestion, SegmentWords } from './segment-words.ts'
import type { SharedLoad } from './shared-load.ts'

/**
 * Which rows may answer questions to texts, by the words that the answers must have: every segment's words are looked at once, for all
 * questions together.
 *
 * @param longRows - Asked for where a question is about a field with texts too long for its columns.
 * @returns For each question its bounds, rows counted in the index; undefined where words alone tell too little of it.
 */
export async function findWordBounds(
  { context, segments }: OpenIndex,
  questions: readonly WordQuestion[],
  longRows: Pick<SharedLoad<LongRows>, 'get'>,
  signal: AbortSignal | undefined,
): Promise<readonly (WordBounds | undefined)[]> {
  const universe = context.snapshot.nextSeq
  const asked: AskedByWords[] = []
  const needs = new NeedTable()
  const turns = new Turns()
  const pause = async (): Promise<void> => {
    await turns.giveWay()
    signal?.throwIfAborted()
  }
  for (const [at, query] of questions.entries()) {
    if (turns.isDue) await pause()
    const test = readFieldTest(query, 'words')
    if (test.text?.kind !== 'whole') continue
    if (query.field === undefined && isBeyondTexts(query, test, context, segments)) continue
    const entry = query.field === undefined ? undefined : context.snapshot.fields.byName(query.field)
    if (query.field !== undefined && !entry) continue
    const low = query.field === undefined ? findMarkedAnywhere(test, context) : new Uint32Array(0)
    const piece = query.field === undefined ? readSurePiece(query) : undefined
    asked.push({
      at,
      sure: piece === undefined ? undefined : needs.addPiece(piece),
      sureRows: new RowSetBuilder(universe),
      needs: chooseNeeds(listWordNeeds(test.text.matcher)).map((need) => needs.add(need)),
      field: entry?.id,
      long: entry && (await readLong(context, entry, longRows, signal)),
      low: RowSet.fromSorted(low, universe),
      high: new RowSetBuilder(universe),
    })
  }
  for (const _ of needs.finishInSteps()) if (turns.isDue) await pause()
  const texts = new TextFields(context)
  for (const segment of segments) {
    signal?.throwIfAborted()
    if (turns.isDue) await pause()
    const chosen = await segment.chooseTerms((bytes, tokens) => needs.choose(bytes, tokens))
    const words = new SegmentWords(segment, chosen, needs)
    const wanted: (readonly number[] | undefined)[] = []
    for (const one of asked) {
      if (turns.isDue) await pause()
      wanted.push(listWantedFields(one, words, texts))
    }
    await words.load(asked, wanted)
    for (const [number, one] of asked.entries()) {
      if (turns.isDue) await pause()
      addRows(one, wanted[number]!, words)
    }
  }
  const bounds = new Array<WordBounds | undefined>(questions.length).fill(undefined)
  for (const { at, low, sureRows, high } of asked) {
    const sure = sureRows.finish().or(low)
    const all = high.finish().or(sure)
    bounds[at] = { low: sure.count === all.count ? all : sure, high: all }
  }
  return bounds
}

/**
 * The piece of a word that is all a question asks for: every text with such a word is an answer. A dotted capital I is one letter less
 * as a word than as a text, so that pieces with an `i` are not certain.
 */
function readSurePiece(query: WordQuestion): string | undefined {
  if (query.kind !== 'wildcard' || !query.caseInsensitive) return undefined
  return /^\*([a-hj-z]{2,})\*$/.exec(query.pattern.toLowerCase())?.[1]
}

/** Needs that are looked at of each question: the longer a piece of a word, the fewer rows have it. */
const MAX_NEEDS = 3

function chooseNeeds(needs: readonly WordNeed[]): readonly WordNeed[] {
  // One letter of a word tells nothing: every third word has it.
  const telling = needs.filter(({ text, matcher }) => text.length > 1 || matcher.kind === 'equal')
  const distinct = [...new Map(telling.map((need) => [need.text, need])).values()]
  const longest = distinct.toSorted((a, b) => b.text.length - a.text.length).slice(0, MAX_NEEDS)
  // Beside a longer piece, one or two letters that many words have tell little; as a word of their own they tell a lot.
  return longest.filter(({ text, matcher }, at) => at === 0 || text.length > 2 || matcher.kind === 'equal')
}

interface AskedByWords extends NeedsOfQuestion {
  readonly at: number
  readonly sureRows: RowSetBuilder
  readonly field: number | undefined
  readonly long: RowSet | undefined
  readonly low: RowSet
  readonly high: RowSetBuilder
}

async function readLong(
  { snapshot, kinds }: AskContext,
  { id }: FieldEntry,
  longRows: Pick<SharedLoad<LongRows>, 'get'>,
  signal: AbortSignal | undefined,
): Promise<RowSet> {
  const rows = kinds.get(id)?.has('l') ? (await longRows.get(signal)).get(id) : undefined
  return rows ?? RowSet.none(snapshot.nextSeq)
}

/** Whether a question to all fields has answers that are no texts of the event: numbers, constants of an import, tags taken away. */
function isBeyondTexts(
  query: WordQuestion,
  test: FieldTest,
  { marks }: AskContext,
  segments: readonly Segment[],
): boolean {
  if (readWrittenTest(query) || marks.removedTags.size > 0) return true
  const passes = compileFieldTest(test)
  const constants = new Set(segments.flatMap(({ profile }) => Object.values(profile.constants)))
  return [...constants].some(passes)
}

/** Says of fields whether texts of theirs are looked at, where a question is to all fields. */
class TextFields {
  readonly #context: AskContext
  readonly #times: ReadonlySet<number | undefined>
  readonly #known = new Map<number, boolean>()

  constructor(context: AskContext) {
    this.#context = context
    this.#times = new Set([...TIME_FIELDS].map((name) => context.snapshot.fields.byName(name)?.id))
  }

  has(field: number): boolean {
    return this.hasStrings(field) && !this.#times.has(field)
  }

  hasStrings(field: number): boolean {
    let has = this.#known.get(field)
    if (has === undefined) {
      const entry = this.#context.snapshot.fields.byId(field)
      has = entry !== undefined && hasStrings(entry, this.#context.kinds)
      this.#known.set(field, has)
    }
    return has
  }
}

/** Fields in which every need of a question is served; undefined where there is nothing that it needs. */
function listWantedFields(
  { needs, field, long }: AskedByWords,
  words: SegmentWords,
  texts: TextFields,
): readonly number[] | undefined {
  const [first, ...others] = needs
  if (first === undefined) return undefined
  if (long && words.cut(long).count === 0) return []
  const isWanted = (one: number): boolean => (field === undefined ? texts.has(one) : one === field)
  return [...words.fieldsOf(first)].filter(
    (one) => isWanted(one) && texts.hasStrings(one) && others.every((need) => words.fieldsOf(need).has(one)),
  )
}

function addRows(
  { needs, sure, sureRows, long, high }: AskedByWords,
  fields: readonly number[] | undefined,
  words: SegmentWords,
): void {
  const { firstSeq, rowCount } = words.segment
  if (!fields) {
    if (long) high.addSet(words.cut(long), firstSeq)
    else high.addRange(firstSeq, firstSeq + rowCount)
    return
  }
  if (fields.length === 0) return
  // Put together in the segment first: a word often stands in several fields of a row.
  let served = RowSet.none(rowCount)
  let surely = served
  for (const field of fields) {
    const all = needs.reduce<RowSet | undefined>((rows, need) => {
      if (rows?.count === 0) return rows
      const more = words.rowsOf(need, field)
      return rows ? rows.and(more) : more
    }, undefined)
    if (all) served = served.or(all)
    if (sure !== undefined) surely = surely.or(words.rowsOf(sure, field))
  }
  high.addSet(long ? served.and(words.cut(long)) : served, firstSeq)
  sureRows.addSet(surely, firstSeq)
}
