import { LiteralAutomaton } from '../../../../text/literal-automaton.ts'
import { TOKEN_END } from '../../../../text/packed-terms.ts'
import { RowSet, RowSetBuilder } from '../../../../text/row-set.ts'
import type { TokenRange } from '../../../../text/term-dictionary.ts'
import { MAX_TOKEN_LENGTH } from '../../../../text/word-break.ts'
import type { WordBounds, WordQuestion } from '../../../../value-reading.ts'
import type { ChosenTerms, Segment, TermRange } from '../../index-handle.ts'
import { type AskContext, hasStrings } from '../ask-context.ts'
import { type FieldTest, readFieldTest } from '../match/field-test.ts'
import { compileFieldTest } from '../match/test-value.ts'
import { readWrittenTest } from '../match/written-test.ts'
import { TIME_FIELDS } from '../plan/field-target.ts'
import { listWordNeeds, type WordNeed } from '../plan/word-needs.ts'
import { findMarkedAnywhere } from '../rows/marked-rows.ts'
import { lowerBound, type SeqList } from '../rows/seq-list.ts'
import { findLong } from '../rows/value-rows.ts'
import type { OpenIndex } from '../scope-hits.ts'
import { Turns } from '../turns.ts'

/** Stands before and behind a word; no word has it. */
const EDGE = String.fromCharCode(TOKEN_END)

/**
 * Which rows may answer questions to texts, by the words that the answers must have: every segment's words are looked at once, for all
 * questions together.
 *
 * @returns For each question its bounds, rows counted in the index; undefined where words alone tell too little of it.
 */
export async function findWordBounds(
  { context, segments }: OpenIndex,
  questions: readonly WordQuestion[],
  signal: AbortSignal | undefined,
): Promise<readonly (WordBounds | undefined)[]> {
  const universe = context.snapshot.nextSeq
  const long = new Map<string, SeqList>()
  const asked: AskedByWords[] = []
  const needs = new NeedTable()
  for (const [at, query] of questions.entries()) {
    const test = readFieldTest(query, 'words')
    if (test.text?.kind !== 'whole') continue
    if (query.field === undefined && isBeyondTexts(query, test, context, segments)) continue
    const entry = query.field === undefined ? undefined : context.snapshot.fields.byName(query.field)
    if (query.field !== undefined && !entry) continue
    if (entry && !long.has(entry.name)) long.set(entry.name, await findLong({ ...context, signal }, entry))
    const low = query.field === undefined ? findMarkedAnywhere(test, context) : new Uint32Array(0)
    const piece = query.field === undefined ? readSurePiece(query) : undefined
    asked.push({
      at,
      sure: piece === undefined ? undefined : needs.addPiece(piece),
      sureRows: new RowSetBuilder(universe),
      needs: chooseNeeds(listWordNeeds(test.text.matcher)).map((need) => needs.add(need)),
      field: entry?.id,
      long: entry && long.get(entry.name),
      low: RowSet.fromSorted(low, universe),
      high: new RowSetBuilder(universe),
    })
  }
  needs.finish()
  const turns = new Turns()
  for (const segment of segments) {
    signal?.throwIfAborted()
    if (turns.isDue) await turns.giveWay()
    const chosen = await segment.chooseTerms((bytes, tokens) => needs.choose(bytes, tokens))
    const words = new SegmentWords(segment, chosen, needs)
    const wanted = asked.map((one) => listWantedFields(one, words, context))
    await words.load(asked, wanted)
    for (const [number, one] of asked.entries()) addRows(one, wanted[number]!, words)
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

interface AskedByWords {
  readonly at: number
  /** The need whose rows answer for certain. */
  readonly sure: number | undefined
  readonly sureRows: RowSetBuilder
  readonly needs: readonly number[]
  readonly field: number | undefined
  readonly long: SeqList | undefined
  readonly low: RowSet
  readonly high: RowSetBuilder
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

/**
 * What questions need of words, each need once. A word is cut at its greatest length, maybe inside of what is needed: then a word of
 * that length ends with a beginning of it, and, where that is only a letter or two, another word begins with the rest.
 */
class NeedTable {
  readonly #numbers = new Map<string, number>()
  readonly #automaton = new LiteralAutomaton()
  readonly #byLiteral: number[][] = []
  readonly #cut: { readonly text: string; readonly need: number; readonly ends: readonly number[] }[] = []
  /** Of each need the pairs of others that serve it together. */
  readonly pairs: Map<number, readonly (readonly [ends: number, begins: number])[]> = new Map()
  #count = 0

  get count(): number {
    return this.#count
  }

  add({ matcher, text, mayBeCut }: WordNeed): number {
    const pattern = matcher.kind === 'pattern' ? matcher.pattern : undefined
    const literal = `${pattern?.startsWith('*') ? '' : EDGE}${toBytes(text)}${pattern?.endsWith('*') ? '' : EDGE}`
    const known = this.#numbers.get(literal)
    if (known !== undefined) return known
    const number = this.#addLiteral(literal)
    this.#numbers.set(literal, number)
    if (mayBeCut) {
      const ends: number[] = []
      const pairs: [number, number][] = []
      for (let length = 1; length <= SHORT_BEGINNING && length < text.length; length++) {
        const rest = text.slice(length)
        // So many words begin with so little that the cut word alone must do.
        if (rest.length < MIN_REST) {
          ends.push(number)
          continue
        }
        const end = this.#count++
        ends.push(end)
        const isOpen = pattern?.endsWith('*') ?? false
        pairs.push([end, this.#addLiteral(`${EDGE}${toBytes(rest)}${isOpen ? '' : EDGE}`)])
      }
      this.#cut.push({ text, need: number, ends })
      this.pairs.set(number, pairs)
    }
    return number
  }

  /** A need that every word with a piece serves, cut or not. */
  addPiece(piece: string): number {
    return this.#addLiteral(toBytes(piece))
  }

  finish(): void {
    this.#automaton.finish()
  }

  /** The needs that words of a block of a dictionary serve, by the word's number in the block. */
  choose(bytes: Buffer, { start, end }: TokenRange): ReadonlyMap<number, readonly number[]> {
    const served = new Map<number, number[]>()
    this.#automaton.findInTokens(bytes, start, end, {
      separator: TOKEN_END,
      found: (literal, token) => {
        const known = served.get(token)
        if (known) known.push(...this.#byLiteral[literal]!)
        else served.set(token, [...this.#byLiteral[literal]!])
      },
      longBytes: MAX_TOKEN_LENGTH - 1,
      foundLong: (token, from, to) => {
        const all = this.#addCut(bytes.toString('utf8', from, to), served.get(token))
        if (all.length > 0) served.set(token, all)
      },
    })
    return served
  }

  /** What a word that may have been cut serves besides. */
  #addCut(token: string, served: readonly number[] = []): number[] {
    const all = new Set(served)
    if (token.length < MAX_TOKEN_LENGTH - 1) return [...all]
    for (const { text, need, ends } of this.#cut) {
      for (let length = 1; length < text.length; length++)
        if (token.endsWith(text.slice(0, length))) all.add(ends[length - 1] ?? need)
    }
    return [...all]
  }

  /** @param literal - Its bytes, each as a letter. */
  #addLiteral(literal: string): number {
    const number = this.#count++
    const at = this.#automaton.add(literal, this.#byLiteral.length)
    if (at === this.#byLiteral.length) this.#byLiteral.push([])
    this.#byLiteral[at]!.push(number)
    return number
  }
}

/** Letters with which so many words end that the rest of what is needed is looked for too. */
const SHORT_BEGINNING = 2
/** Letters that the rest must have to be looked for. */
const MIN_REST = 3

/** The bytes of a text, each as a letter. */
function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** The words of one segment that serve needs. */
class SegmentWords {
  readonly segment: Segment
  readonly #chosen: ChosenTerms<readonly number[]>
  /** By need and field: where the posting lists are. */
  readonly #ranges: Map<number, TermRange[]>[]
  readonly #pairs: NeedTable['pairs']
  readonly #fields = new Map<number, Set<number>>()
  /** By need and field. */
  readonly #loaded: Map<number, RowSet>[]
  readonly #rows: Map<number, RowSet>[]

  constructor(segment: Segment, chosen: ChosenTerms<readonly number[]>, needs: NeedTable) {
    this.segment = segment
    this.#chosen = chosen
    this.#pairs = needs.pairs
    const makeEach = <Of>(): Map<number, Of>[] => Array.from({ length: needs.count }, () => new Map())
    this.#ranges = makeEach()
    this.#loaded = makeEach()
    this.#rows = makeEach()
    for (const { choice, ranges } of chosen.terms) {
      for (const need of choice) {
        const byField = this.#ranges[need]!
        for (const range of ranges) {
          const list = byField.get(range.field)
          if (list) list.push(range)
          else byField.set(range.field, [range])
        }
      }
    }
  }

  /** Fields in which some word, or two of them together, serve a need. */
  fieldsOf(need: number): ReadonlySet<number> {
    let fields = this.#fields.get(need)
    if (!fields) {
      fields = new Set(this.#ranges[need]!.keys())
      for (const [ends, begins] of this.#pairs.get(need) ?? [])
        for (const field of this.#ranges[ends]!.keys())
          if (this.#ranges[begins]!.has(field)) fields.add(field)
      this.#fields.set(need, fields)
    }
    return fields
  }

  /** Reads the posting lists that some questions need, each once. */
  async load(
    asked: readonly AskedByWords[],
    fields: readonly (readonly number[] | undefined)[],
  ): Promise<void> {
    const wanted = new Map<number, Set<number>>()
    for (const [number, { needs, sure }] of asked.entries()) {
      const own = fields[number] ?? []
      if (own.length === 0) continue
      const parts = needs.flatMap((need) => [need, ...(this.#pairs.get(need) ?? []).flat()])
      for (const need of sure === undefined ? parts : [sure, ...parts]) {
        const some = wanted.get(need) ?? new Set()
        wanted.set(need, some)
        for (const field of own) some.add(field)
      }
    }
    const ranges = new Set<TermRange>()
    for (const [need, some] of wanted)
      for (const field of some) for (const range of this.#ranges[need]!.get(field) ?? []) ranges.add(range)
    const list = [...ranges]
    const postings = await this.#chosen.readPostings(list)
    const byRange = new Map(list.map((range, at) => [range, postings[at]!]))
    const none = RowSet.none(this.segment.rowCount)
    for (const [need, some] of wanted) {
      for (const field of some) {
        const own = this.#ranges[need]!.get(field)
        const builder = own && new RowSetBuilder(this.segment.rowCount)
        for (const range of own ?? []) builder!.addPostings(byRange.get(range)!, 0)
        this.#loaded[need]!.set(field, builder?.finish() ?? none)
      }
    }
  }

  /** Rows in which a need is served in a field; both have been loaded. */
  rowsOf(need: number, field: number): RowSet {
    let rows = this.#rows[need]!.get(field)
    if (!rows) {
      rows = this.#loaded[need]!.get(field)!
      for (const [ends, begins] of this.#pairs.get(need) ?? [])
        rows = rows.or(this.#loaded[ends]!.get(field)!.and(this.#loaded[begins]!.get(field)!))
      this.#rows[need]!.set(field, rows)
    }
    return rows
  }
}

/** Fields in which every need of a question is served; undefined where there is nothing that it needs. */
function listWantedFields(
  { needs, field, long }: AskedByWords,
  words: SegmentWords,
  { snapshot, kinds }: AskContext,
): readonly number[] | undefined {
  const [first, ...others] = needs
  if (first === undefined) return undefined
  if (long && countIn(long, words.segment) === 0) return []
  const skipped = [...TIME_FIELDS].map((name) => snapshot.fields.byName(name)?.id)
  return [...words.fieldsOf(first)].filter((one) => {
    if (field !== undefined ? one !== field : skipped.includes(one)) return false
    const entry = snapshot.fields.byId(one)
    return (
      entry !== undefined && hasStrings(entry, kinds) && others.every((need) => words.fieldsOf(need).has(one))
    )
  })
}

function addRows(
  { needs, sure, sureRows, long, high }: AskedByWords,
  fields: readonly number[] | undefined,
  words: SegmentWords,
): void {
  const { firstSeq, rowCount } = words.segment
  if (!fields) {
    if (!long) high.addRange(firstSeq, firstSeq + rowCount)
    else for (const seq of cutTo(long, words.segment)) high.add(seq)
    return
  }
  const longRows = long && new Set(fields.length > 0 ? cutTo(long, words.segment) : [])
  for (const field of fields) {
    let rows: RowSet | undefined
    for (const need of needs) {
      const more = words.rowsOf(need, field)
      rows = rows ? rows.and(more) : more
      if (rows.count === 0) break
    }
    if (sure !== undefined)
      words.rowsOf(sure, field).forEach((row) => {
        sureRows.add(row + firstSeq)
      })
    rows?.forEach((row) => {
      if (!longRows || longRows.has(row + firstSeq)) high.add(row + firstSeq)
    })
  }
}

function countIn(seqs: SeqList, { firstSeq, rowCount }: Segment): number {
  return lowerBound(seqs, firstSeq + rowCount) - lowerBound(seqs, firstSeq)
}

function cutTo(seqs: SeqList, { firstSeq, rowCount }: Segment): SeqList {
  return seqs.subarray(lowerBound(seqs, firstSeq), lowerBound(seqs, firstSeq + rowCount))
}
