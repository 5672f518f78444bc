/** A value of SOL; `null` is also what a column holds that a row does not have. */
export type SolValue =
  | null
  | boolean
  | number
  | string
  | SolTime
  | SolTimespan
  | SolDict
  | readonly SolValue[]

/** A moment, in milliseconds since 1970, UTC. */
export interface SolTime {
  readonly kind: 'time'
  readonly ms: number
}
/** A length of time in milliseconds, as `90s` or `7d`; negative before now. */
export interface SolTimespan {
  readonly kind: 'timespan'
  readonly ms: number
}
/** Labels by name: `{"failure": "Failed login"}`. */
export interface SolDict {
  readonly kind: 'dict'
  readonly members: ReadonlyMap<string, SolValue>
}

/** True for a value of several kinds of times and labels: an object that says its kind. */
export function isOfKind<Kind extends 'time' | 'timespan' | 'dict'>(
  value: SolValue,
  kind: Kind,
): value is Extract<SolValue, { readonly kind: Kind }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind
}
