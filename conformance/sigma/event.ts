/** An event as JSON has it. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue }
export type JsonEvent = { readonly [key: string]: JsonValue }
/** A value that a question looks at. */
export type Leaf = string | number | boolean

/** The values of a field by its dotted name: members of lists one by one, null and objects none. */
export function valuesOf(event: JsonValue, field: string): readonly Leaf[] {
  if (isList(event)) return event.flatMap((one) => valuesOf(one, field))
  if (typeof event !== 'object' || event === null) return []
  const found = Object.hasOwn(event, field) ? leavesOf(event[field]!) : []
  const inner = Object.entries(event).flatMap(([key, value]) =>
    field.startsWith(`${key}.`) ? valuesOf(value, field.slice(key.length + 1)) : [],
  )
  return [...found, ...inner]
}

/** Every value of an event. */
export function allValues(event: JsonValue): readonly Leaf[] {
  if (isList(event)) return event.flatMap(allValues)
  if (typeof event === 'object' && event !== null) return Object.values(event).flatMap(allValues)
  return event === null ? [] : [event]
}

function leavesOf(value: JsonValue): readonly Leaf[] {
  if (isList(value)) return value.flatMap(leavesOf)
  return typeof value === 'object' ? [] : [value]
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
