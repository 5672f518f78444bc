import type { Analyzer, AnalyzerRun } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'

/** An analyzer that has a service of the house do its work, in the name of whoever started it. */
export interface HouseAnalyzer extends Omit<Analyzer, 'run'> {
  /** What it runs by besides its parameters: another text when it would do something else. */
  readonly describeState?: () => Promise<string>
  readonly runFor: (principal: Principal, run: AnalyzerRun) => Promise<string>
}

/** What can be run: by itself, or by the house. */
export type AnyAnalyzer = Analyzer | HouseAnalyzer
