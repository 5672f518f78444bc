/** Fields that every event has from its reader: a log's own of these names stand beside them with the log's name in front. */
const RESERVED: ReadonlySet<string> = new Set([
  'datetime',
  'timestamp',
  'timestamp_desc',
  'message',
  'data_type',
  'source_short',
  'source_long',
  '__proto__',
])

/** The name that a field of a log's own naming gets in an event. */
export function nameOwnField(name: string, prefix: string): string {
  return RESERVED.has(name) ? `${prefix}_${name}` : name
}

/** Fields of a log's own naming by the names that they get in an event: the same object where each keeps its own. */
export function nameOwnFields<Fields extends object>(
  fields: Fields,
  prefix: string,
): Fields | Record<string, unknown> {
  const names = Object.keys(fields)
  if (!names.some((name) => RESERVED.has(name))) return fields
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [nameOwnField(name, prefix), value]),
  )
}

/**
 * Adds a value to those that a field has: one stands alone, several different ones as a list.
 *
 * @returns False when it is left out, since the field has `MAX_VALUES` others.
 */
export function addOwnValue(fields: Record<string, unknown>, name: string, value: unknown): boolean {
  const known = fields[name]
  if (known === undefined) fields[name] = value
  else if (Array.isArray(known)) {
    if (known.includes(value)) return true
    if (known.length >= MAX_VALUES) return false
    known.push(value)
  } else if (known !== value) fields[name] = [known, value]
  return true
}

/** Values of one field that are kept; no record that means well has as many. */
export const MAX_VALUES = 1000

/** An object without a single name of its own or inherited, for names that a log makes up; half as dear as one without a prototype. */
export const OwnFields: new () => Record<string, unknown> = makeOwnFields()

function makeOwnFields(): new () => Record<string, unknown> {
  class Fields {}
  Object.setPrototypeOf(Fields.prototype, null)
  // A prototype's one name.
  Reflect.deleteProperty(Fields.prototype, 'constructor')
  // It has no members that are declared: whoever makes one gives it any.
  return Fields as new () => Record<string, unknown>
}
