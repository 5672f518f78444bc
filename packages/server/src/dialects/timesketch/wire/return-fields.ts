import { abort } from '../errors.ts'
import { asObject, type Body } from '../request.ts'

/** What comes back of an event when nothing else is asked for (Timesketch 20261014: lib/definitions.py). */
export const DEFAULT_FIELDS: readonly string[] = [
  'datetime',
  'timestamp',
  'timestamp_desc',
  '_index',
  '__ts_timeline_id',
  'message',
  'comment',
  'timesketch_label',
  'tag',
  'similarity_score',
  'human_readable',
  '__ts_emojis',
]

/** Fields that one request may name; an index of OpenSearch has 1,000 unless it is told otherwise. */
const MAX_RETURN_FIELDS = 10_000

/**
 * Which fields a request wants: its `fields` text alone, else those of its filter and the default ones.
 *
 * @throws {WireError} 400 for more than `MAX_RETURN_FIELDS`.
 */
export function readReturnFields(body: Body, filter: Body): readonly string[] {
  const fields = listReturnFields(body, filter)
  if (fields.length <= MAX_RETURN_FIELDS) return fields
  return abort(
    400,
    `At most ${MAX_RETURN_FIELDS} fields of an event can be asked for, found ${fields.length}.`,
  )
}

function listReturnFields(body: Body, filter: Body): readonly string[] {
  const fields = body['fields']
  if (typeof fields === 'string' && fields.trim() !== '') {
    return fields
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
  }
  const listed = Array.isArray(filter['fields']) ? filter['fields'] : []
  const names = listed.map((item) => asObject(item)?.['field']).filter((name) => typeof name === 'string')
  return [...new Set([...names, ...DEFAULT_FIELDS])]
}

/** Says whether a list of wanted fields, with `*` for any characters, names this one. */
export function wants(fields: readonly string[], name: string): boolean {
  let known = knownOf.get(fields)
  if (!known) {
    known = new Map()
    knownOf.set(fields, known)
  }
  let isWanted = known.get(name)
  if (isWanted === undefined) {
    isWanted = isNamed(fields, name)
    known.set(name, isWanted)
  }
  return isWanted
}

/** What was asked of a list before: every event of an answer asks the same. */
const knownOf = new WeakMap<readonly string[], Map<string, boolean>>()

function isNamed(fields: readonly string[], name: string): boolean {
  return fields.some((field) => {
    if (field === name || field === '*') return true
    if (!field.includes('*')) return false
    return matchesPattern(field, name)
  })
}

/** Glob match in linear time: pieces between stars are looked for from left to right. */
function matchesPattern(pattern: string, name: string): boolean {
  const pieces = pattern.split('*')
  const first = pieces[0]!
  const last = pieces.at(-1)!
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length)
    return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at)
    if (found < 0 || found + piece.length > name.length - last.length) return false
    at = found + piece.length
  }
  return true
}
