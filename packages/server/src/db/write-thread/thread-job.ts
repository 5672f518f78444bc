import type { Transaction } from 'kysely'
import type { Schema } from '../schema.ts'

/** What a transaction does that another thread can carry out: it stands in a module, and all that it needs to know is its input. */
export interface ThreadJob<Input> {
  /** Address of the module, which exports the work under its name. */
  readonly module: string
  readonly work: ThreadWork<Input>
}

/** What there is to say of a transaction that was carried out. */
export interface ThreadOutcome {
  /** Somebody else would have written meanwhile: less at once holds them up for less long. */
  readonly hasHeldUp: boolean
}

/** @param input - What can be sent to a thread: no functions, no classes of ours. */
export type ThreadWork<Input> = (db: Transaction<Schema>, input: Input) => Promise<void>
