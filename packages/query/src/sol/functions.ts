/** A function of one row, by its name. */
export type SolRowFunction =
  | 'ago'
  | 'base64_decode'
  | 'base64_encode'
  | 'bin'
  | 'coalesce'
  | 'extract'
  | 'format_datetime'
  | 'iff'
  | 'isnull'
  | 'month'
  | 'now'
  | 'parse_json'
  | 'replace_regex'
  | 'round'
  | 'split'
  | 'toint'
  | 'tolower'
  | 'tostring'
  | 'toupper'
  | 'week'
  | 'year'
/** A function of a group of rows, by its name. */
export type SolGroupFunction =
  | 'avg'
  | 'count'
  | 'count_distinct'
  | 'countif'
  | 'make_set'
  | 'max'
  | 'min'
  | 'sum'

type Arity = readonly [least: number, most: number]

/** Functions of one row and how many arguments they take (sol_ref_functions of Sekoia's documentation). */
const ROW_FUNCTIONS: Readonly<Record<SolRowFunction, Arity>> = {
  ago: [1, 1],
  base64_decode: [1, 2],
  base64_encode: [1, 1],
  bin: [2, 2],
  coalesce: [2, 1000],
  extract: [3, 3],
  format_datetime: [2, 2],
  iff: [3, 3],
  isnull: [1, 1],
  month: [1, 1],
  now: [0, 1],
  parse_json: [1, 1],
  replace_regex: [3, 3],
  round: [1, 2],
  split: [2, 3],
  toint: [1, 1],
  tolower: [1, 1],
  tostring: [1, 1],
  toupper: [1, 1],
  week: [1, 1],
  year: [1, 1],
}

/** Functions of a group of rows, which only `aggregate` knows. */
const GROUP_FUNCTIONS: Readonly<Record<SolGroupFunction, Arity>> = {
  avg: [1, 1],
  count: [0, 0],
  count_distinct: [1, 1],
  countif: [1, 1],
  make_set: [1, 1],
  max: [1, 1],
  min: [1, 1],
  sum: [1, 1],
}

/** What a function is and takes. */
export interface FunctionForm {
  readonly isOfGroup: boolean
  readonly least: number
  readonly most: number
}

const FORMS: ReadonlyMap<string, FunctionForm> = new Map([
  ...Object.entries(ROW_FUNCTIONS).map(([name, [least, most]]) => form(name, false, least, most)),
  ...Object.entries(GROUP_FUNCTIONS).map(([name, [least, most]]) => form(name, true, least, most)),
])

function form(name: string, isOfGroup: boolean, least: number, most: number): [string, FunctionForm] {
  return [name, { isOfGroup, least, most }]
}

/** What a function takes; undefined for a name that is none. */
export function findFunction(name: string): FunctionForm | undefined {
  return FORMS.get(name)
}

/** Names of all functions of rows, and with `withGroups` those of groups, for a message. */
export function listFunctions(withGroups: boolean): string {
  const names = [...FORMS].flatMap(([name, { isOfGroup }]) => (withGroups || !isOfGroup ? [name] : []))
  return ['toscalar', ...names].sort().join(', ')
}
