import type { FieldEntry, SqlValue } from '../../index-handle.ts'
import type { AskContext } from '../ask-context.ts'
import type { FieldTest, TextTest } from '../match/field-test.ts'
import { type Matcher, matcherSql } from '../match/matcher.ts'
import { integerSql, realSql } from '../match/number-test.ts'
import { MAX_QUICK_WORDS } from '../match/raw-source-test.ts'
import { compileMatcher } from '../match/test-value.ts'
import { querySeqs, type SeqList, sortSeqs, subtractSeqs, uniteSeqs } from './seq-list.ts'

/** Rows that have a number in a range in the field. */
export function findNumbers(
  context: AskContext,
  entry: FieldEntry,
  test: NonNullable<FieldTest['number']>,
): Promise<SeqList> {
  const { schema } = context.handle
  const parts: string[] = []
  if (entry.wide.has('i')) parts.push(wideSql(schema, integerSql(test, column(entry, 'i'))))
  if (entry.wide.has('r')) parts.push(wideSql(schema, realSql(test, column(entry, 'r'))))
  const tall = context.kinds.get(entry.id)
  if (tall?.has('i')) parts.push(tallSql(schema, entry, `kind = 'i' AND ${integerSql(test, 'whole')}`))
  if (tall?.has('r')) parts.push(tallSql(schema, entry, `kind = 'r' AND ${realSql(test, 'number')}`))
  return queryUnion(context, parts, [])
}

/** Rows that have a double in a range in any field but some. */
export function findRealsAnywhere(
  context: AskContext,
  test: NonNullable<FieldTest['number']>,
  except: ReadonlySet<number>,
): Promise<SeqList> {
  const { schema } = context.handle
  const wide = listWide(context, 'r', except).map((entry) => realSql(test, column(entry, 'r')))
  const parts = [
    `SELECT seq FROM ${schema}.tall WHERE kind = 'r'${exceptSql(except)} AND ${realSql(test, 'number')}`,
  ]
  if (wide.length > 0) parts.push(wideSql(schema, wide.map((sql) => `(${sql})`).join(' OR ')))
  return queryUnion(context, parts, [])
}

/** Rows that have any value of any kind in the field. */
export function findPresent(context: AskContext, entry: FieldEntry): Promise<SeqList> {
  const { schema } = context.handle
  const parts: string[] = []
  if (entry.wide.size > 0) {
    const columns = [...entry.wide].map((kind) => `${column(entry, kind)} IS NOT NULL`)
    parts.push(wideSql(schema, columns.join(' OR ')))
  }
  if (context.kinds.has(entry.id)) parts.push(tallSql(schema, entry, 'TRUE'))
  return queryUnion(context, parts, [])
}

/** Rows whose field has a string too long for the columns. */
export function findLong(context: AskContext, entry: FieldEntry): Promise<SeqList> {
  if (!context.kinds.get(entry.id)?.has('l')) return Promise.resolve(new Uint32Array(0))
  return querySeqs(context.handle, tallSql(context.handle.schema, entry, `kind = 'l'`), [], context.signal)
}

/** Rows that have a string too long for the columns in any field. */
export function findAnyLong(context: AskContext): Promise<SeqList> {
  return querySeqs(
    context.handle,
    `SELECT seq FROM ${context.handle.schema}.tall WHERE kind = 'l'`,
    [],
    context.signal,
  )
}

/**
 * Rows with a string of at most 256 units in the field that the matcher accepts.
 *
 * @param compile - Makes the matcher's test of one text, if SQL cannot be it.
 */
export async function findWhole(
  context: AskContext,
  entry: FieldEntry,
  matcher: Matcher,
  compile: () => (text: string) => boolean = () => compileMatcher(matcher),
): Promise<SeqList> {
  const { schema } = context.handle
  const parts: string[] = []
  const parameters: string[] = []
  const test = matcherSql(matcher, 'value', false)
  if (entry.wide.has('s')) {
    const name = column(entry, 's')
    const wide = matcherSql(matcher, name, false)
    parts.push(
      test.exact
        ? wideSql(schema, wide.sql)
        : `SELECT seq, ${name} AS value FROM ${schema}.wide WHERE ${wide.sql}`,
    )
    parameters.push(...wide.parameters)
  }
  if (context.kinds.get(entry.id)?.has('s')) {
    const tall = matcherSql(matcher, 'text', false)
    const chosen = test.exact ? 'seq' : 'seq, text AS value'
    parts.push(
      `SELECT ${chosen} FROM ${schema}.tall WHERE field = ${entry.id} AND kind = 's' AND ${tall.sql}`,
    )
    parameters.push(...tall.parameters)
  }
  if (test.exact) return queryUnion(context, parts, parameters)
  return filterValues(context, parts, parameters, compile())
}

/** Rows with a string of at most 256 units in any field that the matcher accepts. */
export async function findWholeAnywhere(
  context: AskContext,
  matcher: Matcher,
  except: ReadonlySet<number>,
): Promise<SeqList> {
  const { schema } = context.handle
  const entries = listWide(context, 's', except)
  const tall = matcherSql(matcher, 'text', false)
  const others = exceptSql(except)
  if (!tall.exact) {
    const accepts = compileMatcher(matcher)
    let found: SeqList = new Uint32Array(0)
    for (const entry of entries) {
      found = uniteSeqs(found, await findWhole(context, entry, matcher, () => accepts))
    }
    const sql = `SELECT seq, text AS value FROM ${schema}.tall WHERE kind = 's'${others}`
    return uniteSeqs(found, await filterValues(context, [sql], [], accepts))
  }
  const parts = [`SELECT seq FROM ${schema}.tall WHERE kind = 's'${others} AND ${tall.sql}`]
  const parameters = [...tall.parameters]
  const wide = entries.map((entry) => matcherSql(matcher, column(entry, 's'), false))
  if (wide.length > 0) {
    parts.push(wideSql(schema, wide.map(({ sql }) => `(${sql})`).join(' OR ')))
    parameters.push(...wide.flatMap((test) => test.parameters))
  }
  return queryUnion(context, parts, parameters)
}

function queryUnion(
  context: AskContext,
  parts: readonly string[],
  parameters: readonly string[],
): Promise<SeqList> {
  if (parts.length === 0) return Promise.resolve(new Uint32Array(0))
  return querySeqs(context.handle, parts.join(' UNION ALL '), parameters, context.signal)
}

/**
 * For questions that SQL cannot answer: each distinct value is looked at once, and then rows are asked for by value.
 *
 * @param parts - SELECTs of `seq` and `value`.
 */
export async function filterValues(
  context: AskContext,
  parts: readonly string[],
  parameters: readonly SqlValue[],
  accepts: (text: string) => boolean,
): Promise<SeqList> {
  if (parts.length === 0) return new Uint32Array(0)
  const { handle, signal } = context
  const rows = parts.join(' UNION ALL ')
  const accepted: string[] = []
  let rejected = 0
  for await (const { rowCount, columns } of handle.query(
    `SELECT DISTINCT value FROM (${rows})`,
    parameters,
    signal,
  )) {
    for (let i = 0; i < rowCount; i++) {
      const value = columns[0]![i] as string
      if (accepts(value)) accepted.push(value)
      else rejected++
    }
  }
  if (accepted.length === 0) return new Uint32Array(0)
  if (rejected === 0) return querySeqs(handle, `SELECT seq FROM (${rows})`, parameters, signal)
  if (accepted.length <= MAX_LISTED_VALUES) {
    const list = accepted.map(() => '?').join(', ')
    const sql = `SELECT seq FROM (${rows}) WHERE value IN (${list})`
    return querySeqs(handle, sql, [...parameters, ...accepted], signal)
  }
  const wanted = new Set(accepted)
  const seqs: number[] = []
  for await (const { rowCount, columns } of handle.query(
    `SELECT seq, value FROM (${rows})`,
    parameters,
    signal,
  )) {
    for (let i = 0; i < rowCount; i++) {
      if (wanted.has(columns[1]![i] as string)) seqs.push(Number(columns[0]![i]))
    }
  }
  return sortSeqs(Uint32Array.from(seqs))
}

/** Distinct values that are listed in SQL. */
const MAX_LISTED_VALUES = 500

/** Name of a field's column in `wide`. */
export function column(entry: FieldEntry, kind: 's' | 'i' | 'r' | 'b'): string {
  return `f${entry.id}_${kind}`
}

/** Fields that have a column of a kind in `wide`, but some. */
function listWide({ snapshot }: AskContext, kind: 's' | 'r', except: ReadonlySet<number>): FieldEntry[] {
  return [...snapshot.fields.all()].filter((entry) => !except.has(entry.id) && entry.wide.has(kind))
}

/** The rest of a condition on `tall` that leaves fields out. */
function exceptSql(except: ReadonlySet<number>): string {
  return except.size > 0 ? ` AND field NOT IN (${[...except].join(', ')})` : ''
}

function wideSql(schema: string, where: string): string {
  return `SELECT seq FROM ${schema}.wide WHERE ${where}`
}

function tallSql(schema: string, entry: FieldEntry, where: string): string {
  return `SELECT seq FROM ${schema}.tall WHERE field = ${entry.id} AND ${where}`
}

/**
 * Those of some rows that have a string of at most 256 units in the field that holds a phrase.
 *
 * @param quick - Expressions that tell most strings for certain; without them each distinct one is looked at.
 */
export async function findPhraseInColumns(
  context: AskContext,
  entry: FieldEntry,
  candidates: SeqList,
  quick: QuickPhrase | undefined,
  passes: (text: string) => boolean,
): Promise<SeqList> {
  const { schema } = context.handle
  const parts: string[] = []
  if (entry.wide.has('s')) {
    const name = column(entry, 's')
    parts.push(`SELECT seq, ${name} AS value FROM ${schema}.wide WHERE ${name} IS NOT NULL`)
  }
  if (context.kinds.get(entry.id)?.has('s')) {
    parts.push(`SELECT seq, text AS value FROM ${schema}.tall WHERE field = ${entry.id} AND kind = 's'`)
  }
  if (parts.length === 0) return new Uint32Array(0)
  // Materialised, or DuckDB would put the expressions below before the join and look at the values of all rows.
  const rows = `(WITH candidate AS MATERIALIZED (SELECT seq, value FROM (${parts.join(' UNION ALL ')}) JOIN ? USING (seq))
    SELECT seq, value FROM candidate)`
  if (!quick)
    return await filterValues(context, [`SELECT seq, value FROM ${rows}`], [{ seqs: candidates }], passes)
  // As it was typed, between blanks, it is found at a tenth of what the expression costs.
  const { literal } = quick
  const literalSql = `contains(value, ?) OR starts_with(value, ?) OR suffix(value, ?) OR`
  const isCertain = `(${literal === undefined ? '' : literalSql} regexp_matches(value, ?, 'i'))`
  const literals = literal === undefined ? [] : [` ${literal} `, `${literal} `, ` ${literal}`]
  const certain = await querySeqs(
    context.handle,
    `SELECT seq FROM ${rows} WHERE ${isCertain}`,
    [{ seqs: candidates }, ...literals, quick.certain],
    context.signal,
  )
  // What the certain expression has found need not be looked at again, where a row has no other value of the field.
  const rest = subtractSeqs(candidates, certain)
  if (rest.length === 0) return certain
  // Letters beyond ASCII may become such of the phrase in lower case.
  const maybe = `SELECT seq, value FROM ${rows} WHERE regexp_matches(value, ?, 'i') OR strlen(value) <> length(value)`
  const found = await filterValues(context, [maybe], [{ seqs: rest }, quick.possible], passes)
  return uniteSeqs(certain, found)
}

/** A phrase as regular expressions over one string, letter case aside. */
export interface QuickPhrase {
  /** Strings that it matches hold the phrase. */
  readonly certain: string
  /** The phrase as it was typed, if that is words between single blanks: strings that hold it between blanks hold the phrase. */
  readonly literal: string | undefined
  /** Strings of ASCII that it does not match do not. */
  readonly possible: string
}

/** Blanks, after at most one sign that ends a word there. */
const GAP = '[,.:;)]?[ \\r\\n\\t]+'
const START = '(?:^|["( \\r\\n\\t])'
const END = '(?:$|[") \\r\\n\\t]|[,.:;](?:[" \\r\\n\\t]|$))'

/** Expressions for a phrase of plain words, none of which was cut, next to each other; undefined for others. */
export function quickPhraseOf({
  text,
  tokens,
  slop,
  prefix,
}: TextTest & { readonly kind: 'phrase' }): QuickPhrase | undefined {
  if (slop > 0 || prefix || tokens.length > MAX_QUICK_WORDS) return undefined
  if (!tokens.every((token) => /^[a-z0-9]{1,254}$/.test(token))) return undefined
  const literal = text.toLowerCase() === tokens.join(' ') ? text : undefined
  return { literal, certain: START + tokens.join(GAP) + END, possible: tokens.join('[^a-z0-9]+') }
}
