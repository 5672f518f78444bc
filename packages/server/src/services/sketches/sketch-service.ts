import type { Principal } from '../../auth/principal.ts'
import type { User } from '../users/user-service.ts'

/** `new` and `ready` are in use; archived ones answer no question until opened again. */
export type SketchStatus = 'new' | 'ready' | 'archived' | 'deleted'

/** An investigation: timelines, what people marked and saved, and who may see it. */
export interface Sketch {
  readonly id: number
  readonly name: string
  readonly description: string
  /** Undefined when the account is gone. */
  readonly owner: User | undefined
  readonly status: SketchStatus
  readonly statusChangedAtMs: number
  /** Unique, compared without regard to case. */
  readonly labels: readonly string[]
  /** Grows with every change of events, marks or timelines. */
  readonly revision: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** Which sketches: own, readable but others', own and shared, lately used, archived, every one (administrators), by text. */
export type SketchListScope = 'user' | 'shared' | 'all' | 'recent' | 'archived' | 'admin' | 'search'

/** One page of a list of sketches. */
export interface SketchPage {
  readonly sketches: readonly Sketch[]
  /** 1-based. */
  readonly page: number
  readonly perPage: number
  readonly totalItems: number
  readonly totalPages: number
}

/** Sketches with one of these labels can be neither archived nor deleted, nor can their timelines. */
export const PROTECTIVE_LABELS: readonly string[] = ['protected', 'preserved']

/** Sketches and what can be done to them as a whole. */
export interface SketchService {
  /** Makes a sketch; the caller gets read, write and delete. @throws {DomainError} `invalid` (`bad-name`). */
  create(principal: Principal, input: { name: string; description?: string }): Promise<Sketch>
  /** Needs read. @throws {DomainError} `not-found` (also for deleted ones), `forbidden`. */
  get(principal: Principal, sketchId: number): Promise<Sketch>
  /** Without any check and with deleted ones: for callers that did the checking. */
  find(sketchId: number): Promise<Sketch | undefined>
  /**
   * The one readable sketch of that id (digits) or name (`name:` may stand before it).
   *
   * @throws {DomainError} `not-found`; `conflict` (`ambiguous-name`) when several have the name.
   */
  resolve(principal: Principal, nameOrId: string): Promise<Sketch>
  /** By time of update, latest first. A page beyond the end is empty. @throws {DomainError} `forbidden` for `admin` scope. */
  list(
    principal: Principal,
    options?: {
      scope?: SketchListScope
      /** @default 1 */
      page?: number
      /** @default 10 */
      perPage?: number
      /** For `search`: part of name or description, in any case. */
      text?: string
      includeArchived?: boolean
      /** Heeded for administrators only. */
      includeDeleted?: boolean
    },
  ): Promise<SketchPage>
  /** Needs write. */
  update(
    principal: Principal,
    sketchId: number,
    change: { name?: string; description?: string },
  ): Promise<Sketch>
  /** Needs write. */
  addLabels(principal: Principal, sketchId: number, labels: readonly string[]): Promise<Sketch>
  removeLabels(principal: Principal, sketchId: number, labels: readonly string[]): Promise<Sketch>
  /**
   * Needs delete, or an administrator. `force` (administrators) removes events, timelines and rows for good, of sketches
   * that are marked deleted too; otherwise the sketch is only marked deleted.
   *
   * @throws {DomainError} `forbidden` (`no-delete-permission`, `protected-label` with details.label, `force-needs-admin`),
   *   `conflict` (`already-archived`, `still-processing`).
   */
  delete(principal: Principal, sketchId: number, options?: { force?: boolean }): Promise<void>
  /**
   * Needs delete, or an administrator.
   *
   * @throws {DomainError} `conflict` (`already-archived`, `timeline-not-archivable` with details.timelineId, timelineName
   *   and status), `forbidden` (`no-delete-permission`, `protected-label`).
   */
  archive(principal: Principal, sketchId: number): Promise<Sketch>
  /** @throws {DomainError} `conflict` (`not-archived`), `forbidden`. */
  unarchive(principal: Principal, sketchId: number): Promise<Sketch>
  /** Notes that the caller was at work in the sketch (its state view's time). */
  touch(principal: Principal, sketchId: number): Promise<void>
  /** When somebody last worked in each sketch; ids without activity are left out. */
  lastActivity(sketchIds: readonly number[]): Promise<ReadonlyMap<number, number>>
}
