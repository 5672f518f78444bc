import type { DatePart } from '@timeskein/query'
import type { EventTest } from '../match/event-test.ts'
import type { WrittenTest } from '../match/written-test.ts'
import type { StoredTarget } from './field-target.ts'

/** Steps for questions that do not mind the type of a value, compare fields, or ask for parts of dates. */
export type UntypedNode =
  /** Rows whose field has a number or truth value that answers as it is written, or (`numeral`) a text that is a number. */
  | { readonly kind: 'written'; readonly target: StoredTarget; readonly test: WrittenTest }
  /** Rows that have all these fields; their events decide. */
  | { readonly kind: 'event'; readonly targets: readonly StoredTarget[]; readonly test: EventTest }
  /** A part of the event's own time. */
  | { readonly kind: 'time-part'; readonly test: DatePart }
