import type { FieldCatalogue, FieldEntry, Segment } from '../../index-handle.ts'
import type { FieldView } from '../match/field-test.ts'

/** What a field name stands for in one index. */
export type FieldTarget =
  /** The event's time: as a date, or as integer microseconds. */
  | { readonly kind: 'time'; readonly unit: 'date' | 'micros' }
  | { readonly kind: 'id' }
  /** Values that a whole segment has: the index's name, the timeline's number. */
  | { readonly kind: 'segment'; readonly value: 'index' | 'timeline' }
  | StoredTarget

/** A field of the events themselves, of their import's profile, or of marks. */
export interface StoredTarget {
  readonly kind: 'stored'
  /** The name without the suffix that chose the view. */
  readonly name: string
  readonly view: FieldView
  /** The field of that very name, where events have one. */
  readonly own: FieldEntry | undefined
  /** Fields that stand for it in some segments, by their profile. */
  readonly aliases: readonly FieldEntry[]
  /** Some segments have one value for all their events. */
  readonly hasConstants: boolean
  /** Marks may have added or removed values. */
  readonly hasMarks: boolean
  /** Attributes that stand in place of the field's own values where events have them: of its name, or of an object around it. */
  readonly attributes: readonly string[]
}

/** What a name is looked up in. */
export interface FieldNames {
  readonly fields: FieldCatalogue
  readonly segments: readonly Segment[]
  /** Names of attributes that marks added, and `tag` where marks changed tags. */
  readonly markedFields: ReadonlySet<string>
}

const VIEW_BY_SUFFIX: ReadonlyMap<string, FieldView> = new Map([
  ['.keyword', 'keyword'],
  ['.wildcard', 'wildcard'],
  ['.text', 'wildcard'],
])

/** Names that answer for every event without being stored with it. */
export const TIME_FIELDS: ReadonlySet<string> = new Set(['datetime', 'timestamp'])

/**
 * Finds what a field name means: a virtual field, a field of that very name, or else, with `.keyword`, `.wildcard` or
 * `.text` taken off, the whole values of a field.
 */
export function resolveField(name: string, names: FieldNames): FieldTarget {
  const virtual = resolveVirtual(name)
  if (virtual) return virtual
  const exact = resolveStored(name, 'words', names)
  const isThere = exact.own || exact.aliases.length > 0 || exact.hasConstants
  if (isThere || names.markedFields.has(name)) return exact
  const dot = name.lastIndexOf('.')
  const view = VIEW_BY_SUFFIX.get(name.slice(dot))
  if (!view) return exact
  const base = name.slice(0, dot)
  return resolveVirtual(base) ?? resolveStored(base, view, names)
}

/** True when no event of the index can have a value in the field. */
export function isUnknown(target: FieldTarget): boolean {
  return (
    target.kind === 'stored' &&
    !target.own &&
    target.aliases.length === 0 &&
    !target.hasConstants &&
    !target.hasMarks
  )
}

/** The value that stands for a missing field in a whole segment. */
export function constantOf(segment: Segment, name: string): string | undefined {
  const { constants } = segment.profile
  return Object.hasOwn(constants, name) ? constants[name] : undefined
}

/** The name of the field that stands for another one in a segment. */
export function aliasOf(segment: Segment, name: string): string | undefined {
  const { aliases } = segment.profile
  return Object.hasOwn(aliases, name) ? aliases[name] : undefined
}

function resolveVirtual(name: string): FieldTarget | undefined {
  switch (name) {
    case 'datetime':
      return { kind: 'time', unit: 'date' }
    case 'timestamp':
      return { kind: 'time', unit: 'micros' }
    case '_id':
      return { kind: 'id' }
    case '_index':
      return { kind: 'segment', value: 'index' }
    case '__ts_timeline_id':
      return { kind: 'segment', value: 'timeline' }
    default:
      return undefined
  }
}

function resolveStored(name: string, view: FieldView, names: FieldNames): StoredTarget {
  const aliases = new Set<FieldEntry>()
  let hasConstants = false
  for (const segment of names.segments) {
    const alias = aliasOf(segment, name)
    const entry = alias === undefined ? undefined : names.fields.byName(alias)
    if (entry) aliases.add(entry)
    hasConstants ||= constantOf(segment, name) !== undefined
  }
  const attributes = listOwners(name).filter(
    (owner) => names.markedFields.has(owner) && (owner === name || owner !== 'tag'),
  )
  return {
    kind: 'stored',
    name,
    view,
    own: names.fields.byName(name),
    aliases: [...aliases],
    hasConstants,
    hasMarks: attributes.length > 0,
    attributes,
  }
}

/** A field's name and those of the objects around it: `a.b.c`, `a`, `a.b`. */
function listOwners(name: string): readonly string[] {
  const owners = [name]
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) owners.push(name.slice(0, dot))
  return owners
}
