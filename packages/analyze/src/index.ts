export type {
  Aggregator,
  AggregatorAnswer,
  AggregatorRun,
  AggregatorStore,
  RowsAnswer,
  SeriesAnswer,
} from './aggregators/aggregator.ts'
export { AGGREGATORS, findAggregator, runAggregator } from './aggregators/find-aggregator.ts'
export type { FormField } from './aggregators/form-field.ts'
export { AnalyzeError, type AnalyzeErrorCode, isAnalyzeError } from './analyze-error.ts'
export {
  type Analyzer,
  AnalyzerFailure,
  type AnalyzerParameters,
  type AnalyzerRun,
  type NewMarks,
} from './analyzers/analyzer.ts'
export { ANALYZERS } from './analyzers/analyzers.ts'
export type {
  AggregationToSave,
  CaseWork,
  SavedItem,
  SearchToSave,
  StoryPiece,
} from './analyzers/case-work.ts'
export { chooseAnalyzers, planParameters } from './analyzers/choose-analyzers.ts'
export { EMOJI_CODES, type EmojiName } from './analyzers/emojis.ts'
export { type AnalyzerSettings, readSettings } from './analyzers/settings.ts'
export { type ChartOrientation, combineCharts } from './charts/combine-charts.ts'
export { type ChartOptions, drawChart } from './charts/draw-chart.ts'
export type { VegaSpec } from './charts/vega-spec.ts'
export { type DataRule, readDataRule, SHIPPED_RULES } from './data-finder/data-rule.ts'
export { type DataFinding, findData } from './data-finder/find-data.ts'
export type {
  DetectReport,
  LogSourceCoverage,
  MatchedRule,
  SlowRule,
  TechniqueCoverage,
  UnmatchedRule,
} from './detect/contract/detect-report.ts'
export { UNMATCHED_REASONS, type UnmatchedReason } from './detect/contract/detect-report.ts'
export type {
  DetectPosition,
  DetectProgress,
  DetectRequest,
  HitField,
  HitSink,
} from './detect/contract/detect-request.ts'
export type { CorrelatedEvent, CorrelationHit, HitColumn, Hits, RuleHits } from './detect/contract/hits.ts'
export type { LiveMatcher, LiveTarget } from './detect/contract/live.ts'
export type { DetectRule, PlanFiles, RuleSet } from './detect/contract/rule-set.ts'
export {
  type NavigatorLayer,
  type NavigatorOptions,
  toNavigatorLayer,
} from './detect/report/navigator-layer.ts'
export type { EventSource, ReadEvent } from './event-source.ts'
export type { Graph, GraphEdge, GraphNode, GraphPlugin } from './graphs/graph.ts'
export { GRAPH_PLUGINS } from './graphs/graph-plugins.ts'
export {
  dissectUrl,
  type UrlEdge,
  type UrlGraph,
  type UrlNode,
  type UrlReading,
} from './urls/dissect-url.ts'
