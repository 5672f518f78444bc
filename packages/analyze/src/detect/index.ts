/** The engine of detection, apart from the package's index: it brings the compiler of Sigma rules along. */
export { type LiveOptions, MAX_LIVE_HITS, openLiveMatcher } from './live/live-matcher.ts'
export { KeptPlans } from './plan/kept-plans.ts'
export { MAX_REPORTED_HOSTS } from './report/rule-tally.ts'
export { SLOW_RULE_SECONDS, SLOW_TIMES_MEAN } from './report/slow-rules.ts'
export { packRuleSet, unpackRuleSet } from './rules/pack-rule-set.ts'
export { readRuleSet } from './rules/read-rule-set.ts'
export { type DetectStore, detect } from './stored/detect.ts'
export { DEFAULT_COLUMNS } from './stored/hit-columns.ts'
