import type { AggregatorAnswer, ChartOrientation } from '@timeskein/analyze'
import type { Principal } from '../../auth/principal.ts'
import type { TimelineSelection } from '../explore/explore-service.ts'
import type { User } from '../users/user-service.ts'

/** An aggregator with its parameters, kept in a sketch. Parameters are kept as the client wrote them. */
export interface SavedAggregation {
  readonly id: number
  readonly sketchId: number
  readonly owner: User | undefined
  readonly groupId: number | undefined
  readonly name: string
  readonly description: string
  /** Name of the aggregator. */
  readonly aggregator: string
  readonly parametersJson: string
  readonly chartType: string
  readonly savedSearchId: number | undefined
  readonly labels: readonly string[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Saved aggregations that are drawn as one chart. */
export interface AggregationGroup {
  readonly id: number
  readonly sketchId: number
  readonly owner: User | undefined
  readonly name: string
  readonly description: string
  readonly parametersJson: string
  readonly orientation: ChartOrientation
  readonly savedSearchId: number | undefined
  /** By id. */
  readonly members: readonly SavedAggregation[]
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What is said of an aggregation that is saved. */
export interface AggregationInput {
  readonly name: string
  readonly description: string
  readonly aggregator: string
  readonly parametersJson: string
  readonly chartType: string
  readonly savedSearchId?: number | undefined
  /** Left out: unchanged, or none. */
  readonly labels?: readonly string[] | undefined
}

/** What is said of a group that is saved. */
export interface AggregationGroupInput {
  readonly name: string
  readonly description: string
  readonly parametersJson: string
  readonly orientation: ChartOrientation
  readonly savedSearchId?: number | undefined
  /** Ids; those that are not named, or in another group, are left out. */
  readonly members: readonly number[]
}

/** One run of an aggregator over timelines of a sketch. */
export interface AggregationRun {
  readonly aggregator: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** @default all ready timelines */
  readonly selection?: TimelineSelection
  readonly signal?: AbortSignal
}

/** Counting by aggregators, and keeping what to count. */
export interface AggregationService {
  /**
   * Needs read.
   *
   * @throws {DomainError} `not-found` (`aggregator-not-found`), `invalid` (`bad-parameter`, `too-many-buckets`, `no-timelines`),
   *   `conflict` (`sketch-archived`).
   */
  run(principal: Principal, sketchId: number, run: AggregationRun): Promise<AggregatorAnswer>
  /** Needs read: those with a name that are in no group. */
  list(principal: Principal, sketchId: number): Promise<readonly SavedAggregation[]>
  /** Needs read. @throws {DomainError} `not-found`; `forbidden` for one without a name of another user. */
  get(principal: Principal, sketchId: number, id: number): Promise<SavedAggregation>
  /** Needs write. */
  create(principal: Principal, sketchId: number, input: AggregationInput): Promise<SavedAggregation>
  /** Needs write; the caller becomes the owner. */
  update(
    principal: Principal,
    sketchId: number,
    id: number,
    input: AggregationInput,
  ): Promise<SavedAggregation>
  /** Needs write. */
  delete(principal: Principal, sketchId: number, id: number): Promise<void>
  /** Needs read. */
  listGroups(principal: Principal, sketchId: number): Promise<readonly AggregationGroup[]>
  /** Needs read. @throws {DomainError} `not-found` (`aggregation-group-not-found`). */
  getGroup(principal: Principal, sketchId: number, id: number): Promise<AggregationGroup>
  /** Needs write. @throws {DomainError} `invalid` (`empty-group`) when no aggregation can be taken. */
  createGroup(principal: Principal, sketchId: number, input: AggregationGroupInput): Promise<AggregationGroup>
  /** Needs write; members that are not named any more leave the group. */
  updateGroup(
    principal: Principal,
    sketchId: number,
    id: number,
    input: AggregationGroupInput,
  ): Promise<AggregationGroup>
  /** Needs write; its members stay, in no group. */
  deleteGroup(principal: Principal, sketchId: number, id: number): Promise<void>
}
