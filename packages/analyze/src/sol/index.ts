export type { SolRow } from './row.ts'
export { runSol, type SolAnswer, type SolRunOptions, type SolTables } from './run-sol.ts'
