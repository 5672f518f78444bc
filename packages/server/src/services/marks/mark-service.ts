import type { Query } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import type { TimelineSelection } from '../explore/explore-service.ts'

/** The label of events with a star (Timesketch’s name). */
export const STAR_LABEL = '__ts_star'
/** The label of events with a comment (Timesketch’s name). */
export const COMMENT_LABEL = '__ts_comment'

/** Which events: by id, or all that answer a question when it is carried out. */
export type MarkTarget =
  | { readonly ids: readonly string[] }
  | { readonly query: Query; readonly queryText: string; readonly selection?: TimelineSelection }

/** What an operation does; `label` and `unlabel` also star and unstar, `uncomment` deletes one comment, `recomment` changes one. */
export type MarkKind =
  | 'tag'
  | 'untag'
  | 'label'
  | 'unlabel'
  | 'attribute'
  | 'comment'
  | 'uncomment'
  | 'recomment'
/** What becomes of an operation; `pending`, `undoing` and `redoing` last while the store is at work, or until the next start. */
export type MarkState = 'pending' | 'done' | 'undoing' | 'undone' | 'redoing' | 'failed'

/** One act of marking as the log keeps it. */
export interface MarkOperationRecord {
  /** Names the operation for ever. */
  readonly id: string
  readonly sketchId: number
  readonly userId: number
  readonly username: string
  readonly kind: MarkKind
  /** Tag, label or comment text; of several tags or attributes their names, parted by commas. */
  readonly value: string
  /** The question as written; undefined when events were given by id. */
  readonly queryText: string | undefined
  /** Events meant, and events whose state changed. */
  readonly matched: number
  readonly changed: number
  readonly state: MarkState
  readonly atMs: number
  readonly undoneAtMs: number | undefined
  readonly undoneBy: string | undefined
}

/** What an act of marking did. */
export interface MarkResult {
  readonly operationId: string
  readonly kind: MarkKind
  readonly value: string
  readonly matched: number
  readonly changed: number
  readonly unknownIds: readonly string[]
}

/** What a caller can say of any act of marking. */
export interface MarkOptions {
  /** Refuse when the sketch has changed since this revision. @throws {DomainError} `conflict` (`revision-passed`). */
  readonly atRevision?: number
  readonly signal?: AbortSignal
  /** Names acts that are taken back together: undoing one of them undoes all, and so does redoing. */
  readonly groupId?: string
  /** What found events that are named by id, for the history: a question, or an analyzer. */
  readonly foundBy?: string
}

/** A remark on an event. */
export interface Comment {
  readonly id: number
  readonly sketchId: number
  readonly eventId: string
  readonly indexName: string
  readonly userId: number
  readonly username: string
  readonly text: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What became of attributes that were to be added. */
export interface AttributeOutcome {
  readonly added: number
  readonly eventsChanged: number
  readonly errors: readonly {
    readonly eventId: string
    readonly name: string
    readonly reason: 'reserved-name' | 'leading-underscore' | 'exists' | 'unknown-event'
  }[]
  /** Undefined when nothing was added. */
  readonly operationId: string | undefined
}

/** Tags, stars, labels, comments and attributes on events. Writing needs write, reading read; every act is in the log and can be undone. */
export interface MarkService {
  /**
   * All of the tags in one operation, whose `changed` is then at most the events that got any of them.
   *
   * @throws {DomainError} `invalid` (`no-value`) without any tag.
   */
  addTags(
    principal: Principal,
    sketchId: number,
    tags: readonly string[],
    target: MarkTarget,
    options?: MarkOptions,
  ): Promise<MarkResult>
  /** As `addTags`. */
  removeTags(
    principal: Principal,
    sketchId: number,
    tags: readonly string[],
    target: MarkTarget,
    options?: MarkOptions,
  ): Promise<MarkResult>
  addLabel(
    principal: Principal,
    sketchId: number,
    label: string,
    target: MarkTarget,
    options?: MarkOptions,
  ): Promise<MarkResult>
  removeLabel(
    principal: Principal,
    sketchId: number,
    label: string,
    target: MarkTarget,
    options?: MarkOptions,
  ): Promise<MarkResult>
  /** Takes the label from the events that have it and gives it to the others. */
  toggleLabel(
    principal: Principal,
    sketchId: number,
    label: string,
    ids: readonly string[],
  ): Promise<readonly MarkResult[]>
  /** Attributes for single events, all in one operation; what cannot be added is reported, the rest is added. */
  addAttributes(
    principal: Principal,
    sketchId: number,
    items: readonly { readonly eventId: string; readonly name: string; readonly value: unknown }[],
  ): Promise<AttributeOutcome>

  /**
   * Gives events fields of any name with these values, in one operation, whatever they were given before; those that the
   * evidence itself has stay.
   */
  setAttributes(
    principal: Principal,
    sketchId: number,
    items: readonly { readonly eventId: string; readonly name: string; readonly value: unknown }[],
    options?: MarkOptions,
  ): Promise<MarkResult>

  /**
   * One comment on each event; sets `__ts_comment`.
   *
   * @throws {DomainError} `not-found` (`event-not-found`).
   */
  addComment(
    principal: Principal,
    sketchId: number,
    eventIds: readonly string[],
    text: string,
    options?: MarkOptions,
  ): Promise<{ result: MarkResult; comments: readonly Comment[] }>
  /**
   * Own comments only. An operation of its own, which can be undone; none where the text is the same.
   *
   * @throws {DomainError} `not-found` (`comment-not-found`), `forbidden` (`not-own-comment`), `invalid` (`bad-mark`).
   */
  updateComment(principal: Principal, sketchId: number, commentId: number, text: string): Promise<Comment>
  /** An operation of its own, which can be undone. Takes `__ts_comment` away with the event's last comment. */
  deleteComment(principal: Principal, sketchId: number, commentId: number): Promise<void>
  /** Oldest first; of all events of the sketch when no ids are given. */
  listComments(
    principal: Principal,
    sketchId: number,
    eventIds?: readonly string[],
  ): Promise<readonly Comment[]>

  /** Labels on the sketch's events with how many events carry each. */
  labelCounts(
    principal: Principal,
    sketchId: number,
  ): Promise<readonly { readonly label: string; readonly count: number }[]>

  /** What was done, newest first. */
  history(
    principal: Principal,
    sketchId: number,
    options?: { limit?: number; before?: string; userId?: number },
  ): Promise<readonly MarkOperationRecord[]>
  getOperation(principal: Principal, operationId: string): Promise<MarkOperationRecord>
  /**
   * Takes an operation back, and those of its group with it.
   *
   * @param options.sketchId - Refuse the operation of another sketch.
   * @throws {DomainError} `not-found` (`operation-not-found`, `operation-not-of-sketch`), `conflict` (`already-undone`).
   */
  undo(
    principal: Principal,
    operationId: string,
    options?: { sketchId?: number },
  ): Promise<MarkOperationRecord>
  /** Puts it in force again. @throws {DomainError} `conflict` (`not-undone`), and as `undo`. */
  redo(
    principal: Principal,
    operationId: string,
    options?: { sketchId?: number },
  ): Promise<MarkOperationRecord>
}
