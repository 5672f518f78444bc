import { SigmaError, type SigmaPlace } from '../../problem.ts'
import type { TextLines } from '../../yaml/text-lines.ts'
import type { YamlNode, YamlScalar } from '../../yaml/yaml-node.ts'
import { applyModifiers } from '../modifiers/apply-modifiers.ts'
import { unexpected } from '../read-members.ts'
import type { Detection, DetectionItem } from '../rule.ts'
import { parseSigmaString } from '../sigma-string.ts'
import type { SigmaNumber, SigmaString, SigmaValue } from '../value.ts'

/**
 * Reads what a search identifier stands for: a map (all of its fields), a list of maps (any of them), or keywords.
 *
 * @throws {SigmaError}
 */
export function parseDetection(name: string, node: YamlNode, lines: TextLines): Detection {
  if (node.kind === 'scalar') return parseItem('', [node], lines.placeOf(node.offset))
  if (node.kind === 'map') {
    if (node.entries.length === 0) throw unexpected(lines, name, 'a field or a keyword', node)
    const of = node.entries.map(({ key, offset, value }) =>
      parseItem(key, readValues(`${name}, ${key}`, value, lines), lines.placeOf(offset)),
    )
    return of.length === 1 ? of[0]! : { kind: 'group', linking: 'all', of }
  }
  if (node.items.length === 0) throw unexpected(lines, name, 'a field or a keyword', node)
  const scalars = node.items.filter((item) => item.kind === 'scalar')
  if (scalars.length === node.items.length) return parseItem('', scalars, lines.placeOf(node.offset))
  const of = node.items.map((item) => parseDetection(name, item, lines))
  return of.length === 1 ? of[0]! : { kind: 'group', linking: 'any', of }
}

/**
 * Reads one field with its modifiers and values.
 *
 * @param key - `field|modifier|modifier`; without a field, keywords.
 */
export function parseItem(key: string, scalars: readonly YamlScalar[], place: SigmaPlace): DetectionItem {
  const [name = '', ...modifiers] = key.split('|')
  const field = name === '' ? undefined : name
  const isRegexp = modifiers.includes('re')
  const values = scalars.map((scalar) => (isRegexp ? rawString(scalar.text) : readValue(scalar)))
  // A list with nothing in it is nothing.
  if (values.length === 0) values.push({ kind: 'null' })
  if (field === undefined && values.some((value) => value.kind === 'null'))
    throw new SigmaError('bad-rule', 'a field for null expected, found none', place)
  const state = applyModifiers(
    { field, values, linking: 'any', negated: false, applied: [], place },
    modifiers,
  )
  return {
    kind: 'item',
    field,
    modifiers,
    values: state.values,
    linking: state.linking,
    negated: state.negated,
    place,
    applied: new Set(),
  }
}

function readValues(what: string, node: YamlNode, lines: TextLines): readonly YamlScalar[] {
  if (node.kind === 'scalar') return [node]
  if (node.kind === 'map') throw unexpected(lines, what, 'a value or a list of values', node)
  return node.items.map((item) => {
    if (item.kind !== 'scalar') throw unexpected(lines, what, 'a value', item)
    return item
  })
}

function readValue({ value, text }: YamlScalar): SigmaValue {
  if (value === null) return { kind: 'null' }
  if (typeof value === 'boolean') return { kind: 'boolean', value }
  // With a zero in front it is a name made of digits: a key of the registry, a code.
  const isNumber = typeof value === 'number' && Number.isFinite(value) && !/^[+-]?0\d/.test(text)
  if (isNumber) return readNumber(value, text)
  return parseSigmaString(text)
}

/** Integers keep every digit; other notations (`0x10`, `1.0`) become decimal. */
function readNumber(value: number, text: string): SigmaNumber {
  const isInteger = /^[+-]?\d+$/.test(text)
  return { kind: 'number', value, text: isInteger ? String(BigInt(text.replace(/^\+/, ''))) : String(value) }
}

function rawString(text: string): SigmaString {
  return { kind: 'string', parts: text === '' ? [] : [{ kind: 'text', text }], cased: false, binary: false }
}
