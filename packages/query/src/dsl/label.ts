import type { Query } from '../query.ts'
import { anyOf, checkKeys, describe, fail, isObject, own, readObject, readSingle, readText } from './json.ts'

/** The nested path under which Timesketch keeps the labels of an event. */
export const LABEL_PATH = 'timesketch_label'

interface LabelParts {
  names: string[][]
  sketchId: number | undefined
}

/**
 * `nested` on Timesketch's label path: all of `timesketch_label.name(.keyword)` and `timesketch_label.sketch_id`, in any of the forms
 * that clients write, become one `Label`.
 */
export function readNested(body: unknown, path: string): Query {
  const object = readObject(body, path)
  checkKeys(object, ['path', 'query', 'score_mode', 'ignore_unmapped', 'boost', '_name', 'inner_hits'], path)
  if (own(object, 'path') !== LABEL_PATH) {
    fail(
      `${path}.path`,
      `"${LABEL_PATH}" was expected, the only nested field, found ${describe(own(object, 'path'))}`,
    )
  }
  const parts: LabelParts = { names: [], sketchId: undefined }
  collect(own(object, 'query'), `${path}.query`, parts, 0)
  if (parts.names.length === 0) fail(`${path}.query`, `a condition on ${LABEL_PATH}.name was expected`)
  const [first, ...others] = parts.names
  const names = first!.filter((name) => others.every((list) => list.includes(name)))
  if (names.length === 0) return { kind: 'none' }
  return anyOf(names.map((name) => ({ kind: 'label', name, sketchId: parts.sketchId })))
}

function collect(value: unknown, path: string, parts: LabelParts, depth: number): void {
  const clause = readSingle(value, path, 'clause')
  if (depth > 8) fail(path, 'label conditions are nested more than 8 deep')
  switch (clause.key) {
    case 'bool':
      collectBool(clause.value, clause.path, parts, depth)
      return
    case 'constant_score':
      collect(own(readObject(clause.value, clause.path), 'filter'), `${clause.path}.filter`, parts, depth + 1)
      return
    case 'term':
    case 'match':
    case 'match_phrase':
    case 'terms':
      collectCondition(clause.value, clause.path, parts)
      return
    case 'match_all':
      return
    default:
      fail(clause.path, `inside a nested query, one of bool, term, terms, match, match_phrase was expected`)
  }
}

function collectBool(value: unknown, path: string, parts: LabelParts, depth: number): void {
  const bool = readObject(value, path)
  checkKeys(bool, ['must', 'filter', 'should', 'minimum_should_match', 'boost', '_name'], path)
  for (const key of ['must', 'filter']) {
    const list = own(bool, key) ?? []
    for (const [index, one] of (Array.isArray(list) ? list : [list]).entries()) {
      collect(one, `${path}.${key}[${index}]`, parts, depth + 1)
    }
  }
  const should = own(bool, 'should') ?? []
  const options = Array.isArray(should) ? should : [should]
  if (options.length === 0) return
  const any: LabelParts = { names: [], sketchId: undefined }
  for (const [index, one] of options.entries()) collect(one, `${path}.should[${index}]`, any, depth + 1)
  if (any.sketchId !== undefined && options.length > 1) {
    fail(`${path}.should`, 'alternatives of label names were expected, found one of sketch ids')
  }
  parts.sketchId ??= any.sketchId
  parts.names.push(any.names.flat())
}

function collectCondition(value: unknown, path: string, parts: LabelParts): void {
  const { key: field, value: given, path: at } = readSingle(value, path, 'field')
  const wanted = isObject(given) ? (own(given, 'value') ?? own(given, 'query')) : given
  if (field === `${LABEL_PATH}.sketch_id`) {
    const id = Number(Array.isArray(wanted) ? wanted[0] : wanted)
    if (!Number.isSafeInteger(id) || (Array.isArray(wanted) && wanted.length > 1)) {
      fail(at, `the id of one sketch was expected, found ${describe(wanted)}`)
    }
    parts.sketchId = id
  } else if (field === `${LABEL_PATH}.name` || field === `${LABEL_PATH}.name.keyword`) {
    parts.names.push((Array.isArray(wanted) ? wanted : [wanted]).map((name) => readText(name, at)))
  } else fail(at, `${LABEL_PATH}.name or ${LABEL_PATH}.sketch_id was expected`)
}
