export type {
  Aggregation,
  AggregationResult,
  Aggregations,
  AutoDateHistogramAggregation,
  Bucket,
  BucketRange,
  DateHistogramAggregation,
  FiltersAggregation,
  GlobalAggregation,
  HistogramAggregation,
  MetricAggregation,
  MissingAggregation,
  TermsAggregation,
} from './aggregation.ts'
export { DatePartReader, isInDatePart, isTimeZone } from './date-part.ts'
export { type DateOptions, type ResolvedDate, resolveDate } from './dates.ts'
export { type NameField, nameEventField } from './dork/field-names.ts'
export { type DorkOptions, parseDork } from './dork/parse-dork.ts'
export { parseAggregations } from './dsl/parse-aggregations.ts'
export { parseDslQuery } from './dsl/parse-dsl-query.ts'
export { parseSearchBody, type SearchBody, type SortKey } from './dsl/parse-search-body.ts'
export { type DslQuery, toDsl } from './dsl/to-dsl.ts'
export { MAX_CLAUSES, MAX_NESTING_DEPTH, MAX_PHRASE_WORDS, MAX_QUERY_LENGTH } from './limits.ts'
export type { CodePointRange } from './lucene/code-points.ts'
export { escapeLucene, escapeWildcard } from './lucene/escape.ts'
export { type LuceneOptions, parseLucene } from './lucene/parse-lucene.ts'
export {
  hasLogic,
  parseLuceneRegexp,
  type RegexpNode,
} from './lucene/regexp.ts'
export { printQuery } from './print.ts'
export type {
  And,
  DatePart,
  Exists,
  FieldComparison,
  Fuzzy,
  Ids,
  Label,
  Match,
  MatchAll,
  MatchNone,
  Not,
  Or,
  Phrase,
  Query,
  Range,
  Regexp,
  Term,
  Wildcard,
} from './query.ts'
export { isQueryError, QueryError } from './query-error.ts'
export { simplify } from './simplify.ts'
export { findTimeZone, localToUtcMs, type OffsetAt } from './time-zone.ts'
export { buildTimesketchBody } from './timesketch/build-body.ts'
export {
  buildTimesketchQuery,
  restrictToTimelines,
  type TimesketchQuery,
  type TimesketchQueryRequest,
} from './timesketch/build-query.ts'
export type { Chip, TimesketchFilter, TimesketchRequest } from './timesketch/filter.ts'
export { parseWildcardQuery } from './timesketch/parse-wildcard.ts'
export { readTypedMoment } from './typed-moment.ts'
export { compileWildcard, splitWildcard, type WildcardPart, type WildcardTest } from './wildcard.ts'
