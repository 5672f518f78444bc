import type { Principal } from '../../auth/principal.ts'
import type { User } from '../users/user-service.ts'

/** What a list tells of a story. */
export interface StoryLine {
  readonly id: number
  readonly sketchId: number
  readonly owner: User | undefined
  readonly title: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A report about a sketch: text between what was searched and counted. */
export interface Story extends StoryLine {
  /** JSON text of the list of blocks, as the client wrote it (`readBlocks`). */
  readonly contentJson: string
  readonly labels: readonly string[]
}

/** What is said of a story that is saved. */
export interface StoryInput {
  readonly title: string
  readonly contentJson: string
  /** Left out: unchanged, or none. */
  readonly labels?: readonly string[] | undefined
}

/** Stories of sketches. */
export interface StoryService {
  /** Needs read; newest first. */
  list(principal: Principal, sketchId: number): Promise<readonly Story[]>
  /** The same without what they tell. */
  listLines(principal: Principal, sketchId: number): Promise<readonly StoryLine[]>
  /** Needs read. @throws {DomainError} `not-found` (`story-not-found`). */
  get(principal: Principal, sketchId: number, id: number): Promise<Story>
  /** Needs write. @throws {DomainError} `invalid` (`bad-name`, `bad-story`) when the content is no list of blocks. */
  create(principal: Principal, sketchId: number, input: StoryInput): Promise<Story>
  /** Needs write; the owner stays. @throws As `create`. */
  update(principal: Principal, sketchId: number, id: number, input: StoryInput): Promise<Story>
  /** Needs write. */
  delete(principal: Principal, sketchId: number, id: number): Promise<void>
}
