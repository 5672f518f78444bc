import type { DataFinding } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'

/** What is to be looked for. */
export interface DataSearch {
  readonly ruleNames: readonly string[]
  /** ISO 8601; both ends belong to it. */
  readonly startDate: string
  readonly endDate: string
  /** Timelines that are not ready, or of other sketches, count for nothing. */
  readonly timelineIds: readonly number[]
  readonly parameters: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
}

/**
 * Whether the evidence that questions need is there. Rules are those of `config/data_finder.yaml` in the data directory; without
 * that file, those that come with the program.
 */
export interface DataFinderService {
  /**
   * Needs read. One finding for each rule, by its name, in the order asked; unknown rules find nothing and say so.
   *
   * @throws {DomainError} `conflict` (`sketch-archived`), `invalid` (`bad-date`).
   */
  find(
    principal: Principal,
    sketchId: number,
    search: DataSearch,
  ): Promise<readonly (readonly [ruleName: string, finding: DataFinding])[]>
}
