import { splitWildcard } from '@timeskein/query'
import { writeRe2Pattern } from '../../../../text/automata/regexp-test.ts'
import { compileRegexp } from '../../../../text/terms/vocabulary-match.ts'

/**
 * A question about one text: a word of the vocabulary, or a whole value.
 *
 * `equal`: this text. `oneOf`: one of these. `range`: between these texts, by code points. `pattern`: `*` and `?`, `\` escapes.
 * `patterns`: one of these. `regexp`: a Lucene regular expression, anchored. `fuzzy`: within an edit distance.
 */
export type Matcher =
  | { readonly kind: 'equal'; readonly text: string; readonly ignoreCase: boolean }
  | { readonly kind: 'oneOf'; readonly texts: readonly string[] }
  | ({ readonly kind: 'range' } & TextRange)
  | { readonly kind: 'pattern'; readonly pattern: string; readonly ignoreCase: boolean }
  | { readonly kind: 'patterns'; readonly patterns: readonly string[]; readonly ignoreCase: boolean }
  | { readonly kind: 'regexp'; readonly pattern: string; readonly ignoreCase: boolean }
  | {
      readonly kind: 'fuzzy'
      readonly text: string
      readonly distance: 0 | 1 | 2
      readonly prefixLength: number
    }

/** Ends of a range of texts; one that is left out is open. */
export interface TextRange {
  readonly gte?: string
  readonly gt?: string
  readonly lte?: string
  readonly lt?: string
}

/** A condition in SQL with the parameters its question marks stand for. */
export interface SqlCondition {
  readonly sql: string
  readonly parameters: readonly string[]
  /** False: texts that pass must be tested once more in JavaScript. */
  readonly exact: boolean
}

/**
 * The matcher as a condition on a text column.
 *
 * @param column - SQL of the column, NULL where there is no value.
 * @param isLowered - The column holds lower case only, as the vocabulary does.
 */
export function matcherSql(matcher: Matcher, column: string, isLowered: boolean): SqlCondition {
  switch (matcher.kind) {
    case 'equal': {
      if (!matcher.ignoreCase) return exactly(`${column} = ?`, matcher.text)
      if (isLowered) return exactly(`${column} = ?`, matcher.text.toLowerCase())
      return exactly(`lower(${column}) = lower(?)`, matcher.text)
    }
    case 'oneOf':
      return exactly(`${column} IN (${matcher.texts.map(() => '?').join(', ')})`, ...matcher.texts)
    case 'range': {
      const ends = (
        [
          ['>=', matcher.gte],
          ['>', matcher.gt],
          ['<=', matcher.lte],
          ['<', matcher.lt],
        ] as const
      ).filter((end): end is readonly [(typeof end)[0], string] => end[1] !== undefined)
      const sql = ends.map(([sign]) => `${column} ${sign} ?`).join(' AND ')
      return { sql: sql || `${column} IS NOT NULL`, parameters: ends.map(([, text]) => text), exact: true }
    }
    case 'pattern':
      return patternSql(matcher.pattern, matcher.ignoreCase, column, isLowered)
    case 'patterns':
      // A condition for each would be held against each value.
      return { sql: `${column} IS NOT NULL`, parameters: [], exact: false }
    case 'regexp':
      return regexpSql(matcher, column)
    case 'fuzzy':
      return fuzzySql(matcher, column)
  }
}

/** What every match begins with is looked at first: it costs a tenth. */
function regexpSql(matcher: Matcher & { readonly kind: 'regexp' }, column: string): SqlCondition {
  const { pattern, ignoreCase } = matcher
  const { prefix } = compileRegexp(pattern, { caseInsensitive: ignoreCase })
  const begins = ignoreCase || prefix === '' ? undefined : prefixSql(prefix, column, '?')
  const re2 = writeRe2Pattern(pattern)
  if (re2 === undefined) return { ...(begins ?? exactly(`${column} IS NOT NULL`)), exact: false }
  const match = `regexp_full_match(${column}, ?, '${ignoreCase ? 'si' : 's'}')`
  return begins ? exactly(`${begins.sql} AND ${match}`, ...begins.parameters, re2) : exactly(match, re2)
}

/** DuckDB counts edits in bytes: a character of several bytes may cost as many edits more. */
function fuzzySql(matcher: Matcher & { readonly kind: 'fuzzy' }, column: string): SqlCondition {
  const { text, distance } = matcher
  const length = [...text].length
  const extra = Buffer.byteLength(text) - length
  const sql = [
    `length(${column}) BETWEEN ${length - distance} AND ${length + distance}`,
    `damerau_levenshtein(${column}, ?) <= ${distance + extra} + strlen(${column}) - length(${column})`,
  ]
  const prefix = [...text].slice(0, matcher.prefixLength).join('')
  if (prefix === '') return { sql: sql.join(' AND '), parameters: [text], exact: false }
  return {
    sql: [`starts_with(${column}, ?)`, ...sql].join(' AND '),
    parameters: [prefix, text],
    exact: false,
  }
}

function patternSql(pattern: string, ignoreCase: boolean, column: string, isLowered: boolean): SqlCondition {
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text)
  const subject = ignoreCase && !isLowered ? `lower(${column})` : column
  const argument = ignoreCase && !isLowered ? 'lower(?)' : '?'
  const parts = splitWildcard(pattern)
  const [first, second, third] = parts
  if (parts.length === 0) return exactly(`${column} = ?`, '')
  if (parts.length === 1 && first!.kind === 'any') {
    return { sql: `${column} IS NOT NULL`, parameters: [], exact: true }
  }
  if (parts.length === 1 && first!.kind === 'literal') {
    return exactly(`${subject} = ${argument}`, fold(first!.text))
  }
  if (parts.length === 2 && first!.kind === 'literal' && second!.kind === 'any') {
    return prefixSql(fold(first!.text), subject, argument)
  }
  if (parts.length === 2 && first!.kind === 'any' && second!.kind === 'literal') {
    return exactly(`suffix(${subject}, ${argument})`, fold(second!.text))
  }
  if (parts.length === 3 && first!.kind === 'any' && second!.kind === 'literal' && third!.kind === 'any') {
    return exactly(`contains(${subject}, ${argument})`, fold(second!.text))
  }
  const like = parts
    .map((part) => (part.kind === 'any' ? '%' : part.kind === 'one' ? '_' : escapeLike(fold(part.text))))
    .join('')
  const likeSql = `${subject} LIKE ${argument} ESCAPE '!'`
  if (first!.kind !== 'literal') return exactly(likeSql, like)
  const prefix = prefixSql(fold(first!.text), subject, argument)
  return { sql: `${prefix.sql} AND ${likeSql}`, parameters: [...prefix.parameters, like], exact: true }
}

/** With the bounds beside it, row groups outside them are not read. */
function prefixSql(prefix: string, subject: string, argument: string): SqlCondition {
  const next = textAfterPrefix(prefix)
  const sql = `starts_with(${subject}, ${argument}) AND ${subject} >= ${argument}`
  if (next === undefined) return { sql, parameters: [prefix, prefix], exact: true }
  return { sql: `${sql} AND ${subject} < ${argument}`, parameters: [prefix, prefix, next], exact: true }
}

/** The first text, by code points, after all texts that begin with `prefix`; undefined when there is none. */
export function textAfterPrefix(prefix: string): string | undefined {
  const points = [...prefix].map((character) => character.codePointAt(0)!)
  while (points.length > 0) {
    const last = points.pop()!
    if (last >= 0x10ffff) continue
    points.push(last + 1 >= 0xd800 && last + 1 <= 0xdfff ? 0xe000 : last + 1)
    return String.fromCodePoint(...points)
  }
  return undefined
}

function exactly(sql: string, ...parameters: string[]): SqlCondition {
  return { sql, parameters, exact: true }
}

function escapeLike(text: string): string {
  return text.replaceAll(/[%_!]/g, '!$&')
}
