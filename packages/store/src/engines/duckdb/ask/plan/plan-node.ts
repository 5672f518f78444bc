import type { FieldTest } from '../match/field-test.ts'
import type { DateSpan } from './date-span.ts'
import type { StoredTarget } from './field-target.ts'
import type { UntypedNode } from './untyped-node.ts'

/** How a question will be answered in one index: parts in the order in which they are looked at, cheapest first. */
export type PlanNode =
  | { readonly kind: 'all' }
  /** No event; `reason` says why, for people. */
  | { readonly kind: 'none'; readonly reason: string }
  | { readonly kind: 'and'; readonly of: readonly PlanNode[] }
  | { readonly kind: 'or'; readonly of: readonly PlanNode[]; readonly atLeast: number }
  | { readonly kind: 'not'; readonly of: PlanNode }
  /** Events whose time lies in a span: read off the sorted times. */
  | { readonly kind: 'time'; readonly span: DateSpan }
  /** These rows, ascending. */
  | { readonly kind: 'rows'; readonly seqs: readonly number[] }
  /** Whole segments, by a value that all events of a segment share. */
  | { readonly kind: 'segment'; readonly value: 'index' | 'timeline'; readonly test: FieldTest }
  | { readonly kind: 'label'; readonly name: string; readonly sketchId: number | undefined }
  | { readonly kind: 'field'; readonly target: StoredTarget; readonly test: FieldTest }
  | UntypedNode
  /** Any field. `span`: the text is a date too, and the event's time may lie in it. */
  | { readonly kind: 'anywhere'; readonly test: FieldTest; readonly span: DateSpan | undefined }
