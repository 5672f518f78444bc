import { type RowSet, RowSetBuilder } from '../../../text/row-set.ts'
import { MAX_TOKEN_LENGTH } from '../../../text/word-break.ts'
import type { Segment } from '../index-handle.ts'
import type { AskContext } from './ask-context.ts'
import { escapePattern, type Matcher, matcherSql, type SqlCondition } from './matcher.ts'
import { compileMatcher } from './test-value.ts'
import type { WordNeed } from './word-needs.ts'

/** Posting lists of some words, by segment. */
export type TermHits = ReadonlyMap<number, readonly TermHit[]>

/** Rows of a segment, counted in it, that have a word in a field. */
export type TermHit = { readonly field: number } & (
  | { readonly postings: Uint8Array }
  | { readonly rows: RowSet }
)

/** In which fields words are looked up: one, or all but some. */
export type TermFields = { readonly only: number } | { readonly except: ReadonlySet<number> }

/** Looks up one word. */
export function lookUpToken(context: AskContext, token: string, fields: TermFields): Promise<TermHits> {
  return readHits(context, { sql: 'token = ?', parameters: [token], exact: true }, fields, undefined)
}

/** Looks up all words that a matcher accepts. */
export function lookUpWords(context: AskContext, matcher: Matcher, fields: TermFields): Promise<TermHits> {
  const condition = matcherSql(matcher, 'token', true)
  return readHits(context, condition, fields, condition.exact ? undefined : compileMatcher(matcher))
}

/**
 * Looks up all words that serve a need.
 *
 * A word that was cut inside the piece ends with a beginning of it, and the word after it begins with the rest.
 */
export async function lookUpNeed(context: AskContext, need: WordNeed, fields: TermFields): Promise<TermHits> {
  const condition = matcherSql(need.matcher, 'token', true)
  const hits = new Map(await readHits(context, condition, fields, undefined))
  if (!need.mayBeCut) return hits
  for (const beginning of await listCuts(context, listBeginnings(need.text))) {
    const sql = `length(token) >= ${MAX_TOKEN_LENGTH - 1} AND suffix(token, ?)`
    const firsts = await readHits(context, { sql, parameters: [beginning], exact: true }, fields, undefined)
    if (firsts.size === 0) continue
    const pattern = `${escapePattern(need.text.slice(beginning.length))}*`
    const rest = matcherSql({ kind: 'pattern', pattern, ignoreCase: false }, 'token', true)
    addNeighbours(hits, firsts, await readHits(context, rest, fields, undefined), context)
  }
  return hits
}

/** Those of the beginnings that a word of the greatest length ends with. */
async function listCuts(
  { handle, signal }: AskContext,
  beginnings: readonly string[],
): Promise<readonly string[]> {
  if (beginnings.length === 0) return []
  const ends = beginnings.map(() => 'suffix(token, ?)').join(' OR ')
  const sql = `SELECT DISTINCT token FROM ${handle.schema}.terms
    WHERE length(token) >= ${MAX_TOKEN_LENGTH - 1} AND (${ends})`
  const tokens: string[] = []
  for await (const { columns } of handle.query(sql, beginnings, signal))
    tokens.push(...(columns[0] as string[]))
  return beginnings.filter((beginning) => tokens.some((token) => token.endsWith(beginning)))
}

/** Adds rows that have a word of both lists in the same field. */
function addNeighbours(
  hits: Map<number, readonly TermHit[]>,
  firsts: TermHits,
  rests: TermHits,
  { snapshot }: AskContext,
): void {
  for (const segment of snapshot.segments) {
    for (const field of new Set(firsts.get(segment.id)?.map((hit) => hit.field))) {
      const rows = hitRows(firsts, segment, field).and(hitRows(rests, segment, field))
      if (rows.count > 0) hits.set(segment.id, [...(hits.get(segment.id) ?? []), { field, rows }])
    }
  }
}

function listBeginnings(text: string): string[] {
  const characters = [...text]
  return characters.slice(1).map((_, at) => characters.slice(0, at + 1).join(''))
}

/** All rows of a segment among the hits, or those of one field. */
export function hitRows(hits: TermHits, segment: Segment, field?: number): RowSet {
  const builder = new RowSetBuilder(segment.rowCount)
  for (const hit of hits.get(segment.id) ?? []) {
    if (field !== undefined && hit.field !== field) continue
    if ('postings' in hit) builder.addPostings(hit.postings, 0)
    else builder.addSet(hit.rows)
  }
  return builder.finish()
}

async function readHits(
  { handle, signal }: AskContext,
  condition: SqlCondition,
  fields: TermFields,
  accepts: ((token: string) => boolean) | undefined,
): Promise<TermHits> {
  const where = [condition.sql]
  if ('only' in fields) where.push(`field = ${fields.only}`)
  else if (fields.except.size > 0) where.push(`field NOT IN (${[...fields.except].join(', ')})`)
  const token = accepts ? ', token' : ''
  const sql = `SELECT segment, field, postings${token} FROM ${handle.schema}.terms WHERE ${where.join(' AND ')}`
  const hits = new Map<number, TermHit[]>()
  const verdicts = new Map<string, boolean>()
  for await (const { rowCount, columns } of handle.query(sql, condition.parameters, signal)) {
    const [segments, hitFields, postings, tokens] = columns
    for (let i = 0; i < rowCount; i++) {
      if (accepts && !isAccepted(tokens![i] as string, accepts, verdicts)) continue
      const segment = Number(segments![i])
      const hit: TermHit = { field: Number(hitFields![i]), postings: postings![i] as Uint8Array }
      const list = hits.get(segment)
      if (list) list.push(hit)
      else hits.set(segment, [hit])
    }
  }
  return hits
}

/** A word comes once for each segment and field; it is looked at once. */
function isAccepted(
  token: string,
  accepts: (token: string) => boolean,
  verdicts: Map<string, boolean>,
): boolean {
  let verdict = verdicts.get(token)
  if (verdict === undefined) {
    verdict = accepts(token)
    verdicts.set(token, verdict)
  }
  return verdict
}
