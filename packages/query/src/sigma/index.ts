export {
  type CompileOptions,
  compileDocuments,
  compileInSteps,
  compileSigma,
  type DocumentCompilation,
} from './compile/compile-sigma.ts'
export type { CompiledCorrelation, CompiledRule, SigmaCompilation } from './compile/compiled.ts'
export { buildExpression, type Expression, type FieldAsk, listAsks } from './compile/expression.ts'
export { applyPipelines, type PipelineRun } from './pipeline/apply-pipelines.ts'
export { isPipeline } from './pipeline/is-pipeline.ts'
export { choosePipelines } from './pipeline/own/choose-pipelines.ts'
export { OWN_PIPELINES } from './pipeline/own/own-pipelines.ts'
export { parsePipeline } from './pipeline/parse-pipeline.ts'
export { type ParsedPipelines, parsePipelines } from './pipeline/parse-pipelines.ts'
export type { Pipeline } from './pipeline/pipeline.ts'
export { explainCorrelation, explainRule } from './print/explain.ts'
export { printQueryString } from './print/query-string.ts'
export { printSql } from './print/sql.ts'
export {
  isSigmaError,
  SigmaError,
  type SigmaPlace,
  type SigmaProblem,
  type SigmaProblemCode,
} from './problem.ts'
export { matchIdentifiers } from './rule/condition/condition.ts'
export type {
  CorrelationCondition,
  CorrelationExpression,
  CorrelationOperator,
  CorrelationType,
  ThresholdCondition,
} from './rule/correlation.ts'
export { type ParsedSource, parseSigmaDocuments, type SigmaSource } from './rule/parse-documents.ts'
export { containsLogSource, describeLogSource } from './rule/parse-log-source.ts'
export {
  type LogSource,
  RULE_LEVELS,
  RULE_STATUSES,
  type RuleLevel,
  type RuleMeta,
  type RuleStatus,
  type SigmaCorrelation,
  type SigmaDocument,
  type SigmaFilter,
  type SigmaRule,
} from './rule/rule.ts'
export { convertForTimesketch } from './timesketch/convert-rule.ts'
export { readYaml } from './yaml/read-yaml.ts'
export { toPlainValue, type YamlDocument } from './yaml/yaml-node.ts'
