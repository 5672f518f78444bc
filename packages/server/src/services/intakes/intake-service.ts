import type { Principal } from '../../auth/principal.ts'

/** A sketch as part of an organisation whose events are told apart. Its id is that of the sketch. */
export interface Entity {
  readonly sketchId: number
  readonly name: string
  readonly description: string
  /** As its maker calls it elsewhere. */
  readonly entityId: string
  /** Id of a generation mode. */
  readonly generationMode: string
  readonly intakeCount: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What an entity says; what is left out stays as it is. */
export interface EntityChange {
  readonly name?: string
  readonly description?: string
  readonly entityId?: string
  readonly generationMode?: string
}

/** A way in for events, to a timeline of a sketch that is called as it. */
export interface Intake {
  /** UUID. */
  readonly uid: string
  readonly name: string
  /** What events are sent with; empty for those who may not write to the sketch. */
  readonly key: string
  readonly sketchId: number
  readonly sketchName: string
  readonly formatUid: string
  /** Undefined until the first event came. */
  readonly timelineId: number | undefined
  readonly userId: number
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** How events of an intake are written; events are taken as they come, whatever it says. */
export interface IntakeFormat {
  readonly uid: string
  readonly name: string
  readonly slug: string
  readonly description: string
  /** What else its maker said. */
  readonly details: Readonly<Record<string, unknown>>
  /** Comes with the program. */
  readonly isBuiltIn: boolean
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** What a format says. */
export type IntakeFormatDraft = Pick<IntakeFormat, 'name' | 'slug' | 'description' | 'details'>

/** An event as it was sent. */
export interface PushedEvent {
  /** A line of a log, JSON as text, or an object. */
  readonly event: string | Readonly<Record<string, unknown>>
  /** When it happened, in microseconds since 1970. @default what the event says, else now */
  readonly timeUs?: bigint | undefined
}

/** Events of one intake as they were sent. */
export interface PushedBatch {
  /** Of the intake. */
  readonly key: string
  readonly events: readonly PushedEvent[]
}

/** Largest event in UTF-16 units. */
export const MAX_PUSHED_EVENT_LENGTH: number = 8 * 1024 * 1024

/** Entities, intakes and formats. Sketches say who may see them: read to see, write to change, and to make an intake. */
export interface IntakeService {
  listEntities(principal: Principal): Promise<readonly Entity[]>
  /** @throws {DomainError} `not-found`, `forbidden`. */
  getEntity(principal: Principal, sketchId: number): Promise<Entity>
  createEntity(principal: Principal, input: EntityChange & { readonly name: string }): Promise<Entity>
  updateEntity(principal: Principal, sketchId: number, change: EntityChange): Promise<Entity>
  /** Marks the sketch as deleted. @throws {DomainError} As `SketchService.delete`. */
  deleteEntity(principal: Principal, sketchId: number): Promise<void>

  list(principal: Principal): Promise<readonly Intake[]>
  /** @throws {DomainError} `not-found` (`intake-not-found`). */
  get(principal: Principal, uid: string): Promise<Intake>
  create(
    principal: Principal,
    input: { readonly name: string; readonly sketchId: number; readonly formatUid: string },
  ): Promise<Intake>
  update(
    principal: Principal,
    uid: string,
    change: { readonly name?: string; readonly formatUid?: string; readonly sketchId?: number },
  ): Promise<Intake>
  /** Its key takes no more events; those that came stay. */
  delete(principal: Principal, uid: string): Promise<void>

  /** Built-in ones first. */
  listFormats(principal: Principal): Promise<readonly IntakeFormat[]>
  /** @throws {DomainError} `not-found` (`format-not-found`). */
  getFormat(principal: Principal, uid: string): Promise<IntakeFormat>
  /** @throws {DomainError} `conflict` (`format-exists`). */
  createFormat(principal: Principal, draft: IntakeFormatDraft, uid?: string): Promise<IntakeFormat>
  /** Their makers, and administrators. @throws {DomainError} `forbidden` (`not-own-format`). */
  updateFormat(principal: Principal, uid: string, draft: IntakeFormatDraft): Promise<IntakeFormat>

  /**
   * Puts events on the timeline of an intake. Resolves when they are durable and can be searched; requests that come at the same
   * time are stored together. The same event sent twice is there twice.
   *
   * @returns The ids they got, in their order; they stand in `event.id`.
   * @throws {DomainError} `unauthenticated` (`unknown-intake-key`), `forbidden` (`intake-closed`: its maker may not write to the
   *   sketch any more), `too-large` (`event-too-large`), `too-many` (`intake-busy`), `conflict` (`sketch-archived`).
   */
  push(key: string, events: readonly PushedEvent[]): Promise<readonly string[]>
  /**
   * As `push` for several intakes: nothing is stored unless all keys are good, no event is too large, and there is room for all.
   *
   * @returns The ids of each batch; undefined for one that failed to be stored after another was.
   */
  pushAll(batches: readonly PushedBatch[]): Promise<readonly (readonly string[] | undefined)[]>
  /** @throws {DomainError} Where `push` would for the key. */
  requireOpen(key: string): Promise<void>
}
