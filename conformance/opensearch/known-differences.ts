import type { Outcome } from './outcome.ts'
import { type Question, queryStringBody, queryStringOf } from './question.ts'

/** Where our answer is meant to be another than OpenSearch's. Documented under the same id in docs/query-semantics.md. */
export interface KnownDifference {
  readonly id: string
  readonly reason: string
  /** True for questions whose answers may differ for this reason. */
  readonly applies: (question: Question, ours: Outcome, theirs: Outcome) => boolean
  /** Bodies that are asked in every run and must differ, so that the list holds nothing that is no longer so. */
  readonly examples: readonly Example[]
}

/** A search body; `aggregation`, where given, is what is compared. */
export interface Example {
  readonly query?: unknown
  readonly aggregation?: Readonly<Record<string, unknown>>
}

/** Differences on purpose; any other is a failure. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    id: 'wildcard-whole-value',
    reason:
      'a pattern with a character that no word holds is held against whole values, where OpenSearch finds nothing',
    applies: (question) => textsOf(question).some((text) => listPatterns(text).some(leavesWords)),
    examples: ['w?-0?', 'message:*\\/passwd*', 'hostname:srv\\ *', 'username:nt*\\\\system'].map(
      queryStringBody,
    ),
  },
  {
    id: 'patterns-on-numbers',
    reason: 'patterns look at numbers, true and false as they are written',
    applies: (question) =>
      textsOf(question).some((text) =>
        /\b(status|bytes|score|ports|pid|flag):(\/|[^\s"()[{]*[*?])/.test(text),
      ) ||
      /"(wildcard|prefix|regexp)":\{"(status|bytes|score|ports|process\.pid|flag)"/.test(
        JSON.stringify(question.body),
      ),
    examples: [
      ...['status:40?', 'flag:t*', 'status:/4.*/'].map(queryStringBody),
      { query: { wildcard: { status: '40*' } } },
    ],
  },
  {
    id: 'comparisons-in-group',
    reason: 'comparisons in one group are read one by one',
    applies: (question) => textsOf(question).some((text) => /:\([^)]*\s[<>]|:\([<>][^)]*\s/.test(text)),
    examples: [queryStringBody('status:(>=200 <404)')],
  },
  {
    id: 'range-without-field',
    reason:
      'a range or comparison without a field is refused: OpenSearch compares every field with it, texts too',
    applies: (_question, ours) => ours.kind === 'refused' && ours.reason.includes('needs a field before it'),
    examples: ['[a TO b]', '>5', '<root'].map(queryStringBody),
  },
  {
    id: 'mistakes-refused',
    reason: 'a mistake in an expression, a distance or a slop is refused with its column, not passed over',
    applies: (_question, ours, theirs) =>
      ours.kind === 'refused' &&
      theirs.kind !== 'refused' &&
      /in the regular expression|number of (edits|moves)/.test(ours.reason),
    examples: ['message:/[/', 'message:/(/', 'accepted~-1', '"accepted password"~x', 'acc*~x'].map(
      queryStringBody,
    ),
  },
  {
    id: 'dates-with-blank',
    reason: 'a date may have a blank between day and time',
    applies: (question) => textsOf(question).some((text) => /\d{4}-\d\d-\d\d \d/.test(text)),
    examples: [queryStringBody('datetime:["2024-02-01 00:00:00" TO "2024-02-02"]')],
  },
  {
    id: 'any-pattern',
    reason: 'a pattern of `*` only asks whether there is a value, be it one without a word',
    applies: (question) =>
      textsOf(question).some((text) => /:\*\*+(\s|\)|$)/.test(text)) ||
      /"wildcard":\{"\w+":"\*+"|"prefix":\{"\w+":""/.test(JSON.stringify(question.body)),
    examples: [{ query: { wildcard: { username: '*' } } }, { query: { prefix: { username: '' } } }],
  },
  {
    id: 'mixed-types',
    reason:
      'a field may hold texts and numbers, so a value that is no number asks for texts instead of being an error',
    applies: (_question, ours, theirs) =>
      ours.kind !== 'refused' &&
      theirs.kind === 'refused' &&
      /For input string|Can't parse boolean|Can only use fuzzy queries/.test(theirs.reason),
    examples: [
      { query: { term: { status: 'abc' } } },
      { query: { match: { flag: 'maybe' } } },
      { query: { range: { bytes: { gte: 'abc' } } } },
    ],
  },
  {
    id: 'phrase-within-value',
    reason: 'a phrase stands within one value of a list, however large its slop',
    applies: (question) => /"slop":\d{3}|~\d{3}/.test(JSON.stringify(question.body)),
    examples: [{ query: { match_phrase: { labels: { query: 'red green', slop: 101 } } } }],
  },
  {
    id: 'range-ends-lowered',
    reason: 'the ends of a range over words are lowered as the words are, in the DSL too',
    applies: (question) => /"range":\{"(hostname|message|username)":/.test(JSON.stringify(question.body)),
    examples: [{ query: { range: { hostname: { gte: 'WS', lt: 'X' } } } }],
  },
  {
    id: 'regexp-flags',
    reason: 'all operators of regular expressions are always on',
    applies: (question) => JSON.stringify(question.body).includes('"flags"'),
    examples: [{ query: { regexp: { message: { value: '<1-400>', flags: 'NONE' } } } }],
  },
  {
    id: 'fuzzy-transpositions',
    reason: 'two letters changed over are always one edit',
    applies: (question) => JSON.stringify(question.body).includes('"transpositions":false'),
    examples: [{ query: { fuzzy: { message: { value: 'roto', fuzziness: 1, transpositions: false } } } }],
  },
  {
    id: 'no-expansion-limit',
    reason:
      "a fuzzy word or the beginning of a phrase's last word stands for all words it matches, not for the first 50",
    applies: (question) => /u\d+~|"match_phrase_prefix":\{"uid"/.test(JSON.stringify(question.body)),
    examples: [queryStringBody('uid:u100~2'), { query: { match_phrase_prefix: { uid: 'u1' } } }],
  },
  {
    id: 'aggregations-by-type',
    reason:
      "an aggregation looks at the values that suit it: whole texts for terms, the event's time for dates",
    applies: (question, _ours, theirs) =>
      question.wanted.kind === 'aggregation' &&
      ((theirs.kind === 'refused' &&
        /Text fields are not optimised|is not supported for aggregation/.test(theirs.reason)) ||
        JSON.stringify(question.wanted.definition).includes('"date_histogram":{"field":"status"')),
    examples: [
      { aggregation: { terms: { field: 'message' } } },
      { aggregation: { max: { field: 'hostname.keyword' } } },
      { aggregation: { date_histogram: { field: 'status', calendar_interval: 'day' } } },
    ],
  },
  {
    id: 'refused-by-name',
    reason:
      'clauses, aggregations and options that are not known are refused by name instead of being passed over',
    applies: (_question, ours, theirs) =>
      ours.kind === 'refused' &&
      theirs.kind !== 'refused' &&
      /known (here|are)|at aggs\.asked.* was expected/.test(ours.reason),
    examples: [
      { query: { match_all: {} }, aggregation: { terms: { field: 'hostname.keyword', missing: 'none' } } },
      { aggregation: { auto_date_histogram: { field: 'datetime', time_zone: 'America/New_York' } } },
      { query: { more_like_this: { fields: ['message'], like: 'accepted' } } },
    ],
  },
]

/** Query strings anywhere in the body, that of Timesketch first. */
function textsOf(question: Question): readonly string[] {
  const whole = queryStringOf(question)
  if (whole !== undefined) return [whole]
  return [...JSON.stringify(question.body).matchAll(/"query_string":\{"query":("(?:[^"\\]|\\.)*")/g)].map(
    (found) => JSON.parse(found[1]!) as string,
  )
}

/** Terms with an unescaped `*` or `?` in them, their field name taken off; whole-value fields are left out. */
function listPatterns(text: string): readonly string[] {
  const terms = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, ' ').match(/(?:[^\s()\\]|\\.)+/gsu) ?? []
  return terms
    .filter((term) => !term.includes('.keyword:'))
    .map((term) => term.replace(/^[+!-]*(?:[\w.]+:)?/, ''))
    .filter((term) => /(?<!\\)(?:\\\\)*[*?]/.test(term))
}

function leavesWords(pattern: string): boolean {
  return /[^\p{L}\p{N}\p{M}_.'’*?^~]/u.test(pattern)
}
