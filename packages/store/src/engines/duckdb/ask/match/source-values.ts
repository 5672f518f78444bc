import type { PlainValue } from './test-value.ts'

/**
 * True when a value of a field of an event passes. The field is a dotted path; a key may have dots itself, and arrays
 * are several values.
 *
 * @param event - What `JSON.parse` made of the event's source.
 */
export function someValueAt(event: unknown, path: string, passes: (value: PlainValue) => boolean): boolean {
  if (Array.isArray(event)) return event.some((element) => someValueAt(element, path, passes))
  if (typeof event !== 'object' || event === null) return false
  if (Object.hasOwn(event, path) && someLeaf((event as Record<string, unknown>)[path], passes)) return true
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const key = path.slice(0, dot)
    if (!Object.hasOwn(event, key)) continue
    const inner = (event as Record<string, unknown>)[key]
    if (someValueAt(inner, path.slice(dot + 1), passes)) return true
  }
  return false
}

/** True when a value of any field passes; fields at the top whose name is in `skipped` are not looked at. */
export function someValue(
  event: unknown,
  skipped: ReadonlySet<string>,
  passes: (value: PlainValue) => boolean,
): boolean {
  if (typeof event !== 'object' || event === null) return false
  for (const [name, value] of Object.entries(event)) {
    if (!skipped.has(name) && someDeepLeaf(value, passes)) return true
  }
  return false
}

function someLeaf(value: unknown, passes: (value: PlainValue) => boolean): boolean {
  if (Array.isArray(value)) return value.some((element) => someLeaf(element, passes))
  return isPlain(value) && passes(value)
}

function someDeepLeaf(value: unknown, passes: (value: PlainValue) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return isPlain(value) && passes(value)
  for (const inner of Object.values(value)) if (someDeepLeaf(inner, passes)) return true
  return false
}

function isPlain(value: unknown): value is PlainValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
