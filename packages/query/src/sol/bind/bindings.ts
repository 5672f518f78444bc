import type { NameField } from '../../dork/field-names.ts'
import type { SolValue } from '../value.ts'

/** What one run of a program knows that the program does not say. */
export interface SolBindings {
  /** What `now()` is, in milliseconds since 1970; one moment for the whole run. */
  readonly nowMs: number
  /** Values of parameters by their full names (`time.start`); a date may be text. @default none */
  readonly parameters?: ReadonlyMap<string, SolValue>
  /** The first column of the rows that a pipeline of the program found, by the name in `lets`. @default none is there */
  readonly resultOf?: (name: string) => readonly SolValue[] | undefined
  /** The store's names of the fields of events. @default nameEventField */
  readonly nameField?: NameField
}
