export {
  type BoundSolPipeline,
  type BoundSolStep,
  type BoundSolWhere,
  bindSol,
  evaluateSol,
} from './bind/bind-sol.ts'
export type { SolBindings } from './bind/bindings.ts'
export { calculateSol, memberOfSol } from './bind/evaluate.ts'
export type {
  SolCall,
  SolColumn,
  SolCompare,
  SolConstant,
  SolExpression,
  SolTextTest,
} from './expression.ts'
export type { SolGroupFunction, SolRowFunction } from './functions.ts'
export { parseSol, type SolOptions } from './parse/parse-sol.ts'
export {
  DEFAULT_FETCH_LIMIT,
  MAX_FETCH_LIMIT,
  SOL_CHARTS,
  type SolChart,
  type SolDefinition,
  type SolJoin,
  type SolLet,
  type SolOrder,
  type SolPipeline,
  type SolProgram,
  type SolShape,
  type SolSource,
  type SolStep,
  type SolWhere,
} from './program.ts'
export { isEventTable, SOL_TABLES } from './tables.ts'
export { isOfKind, type SolDict, type SolTime, type SolTimespan, type SolValue } from './value.ts'
