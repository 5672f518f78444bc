import { encodeBase64, encodeUtf16, listBase64Offsets } from '../rule/modifiers/byte-text.ts'
import type { Clause, Scalar } from './clause.ts'

/** A feature that Timesketch's converter does not have. */
export class NotInTimesketch extends Error {
  override readonly name = 'NotInTimesketch'
}

/**
 * Reads a search identifier of a rule: a list is one of, a map all of.
 *
 * @param nameOf - What a field is called in the question.
 * @throws {NotInTimesketch} For modifiers that the converter does not know.
 */
export function readDetection(value: unknown, nameOf: (field: string) => string): Clause {
  if (Array.isArray(value)) return { kind: 'or', of: value.map((item) => readDetection(item, nameOf)) }
  if (value !== null && typeof value === 'object') {
    const of = Object.entries(value).map(([key, item]) => readEntry(key, item, nameOf))
    return { kind: 'and', of }
  }
  return { kind: 'keyword', value: toScalar(value) }
}

function readEntry(key: string, value: unknown, nameOf: (field: string) => string): Clause {
  const [name = '', ...modifiers] = key.split('|')
  const field = name === '' ? '' : nameOf(name)
  const isAll = modifiers.includes('all')
  const change = makeChange(modifiers.filter((modifier) => modifier !== 'all'))
  if (modifiers.includes('re')) {
    const sources = (Array.isArray(value) ? value : [value]).map(String)
    return { kind: isAll ? 'and' : 'or', of: sources.map((source) => ({ kind: 'regexp', field, source })) }
  }
  if (value === null || value === undefined) return { kind: 'field', field, value: null }
  if (!Array.isArray(value)) {
    const changed = change(toScalar(value))
    if (field === '') return { kind: 'or', of: changed.map((one) => ({ kind: 'keyword', value: one })) }
    return { kind: 'field', field, value: changed.length === 1 ? changed[0]! : changed }
  }
  const values = value.map((item) => (item === null ? null : change(toScalar(item))))
  const asks = values.map((one): Clause => {
    if (one === null) return { kind: 'field', field, value: null }
    if (field === '') return { kind: 'or', of: one.map((part) => ({ kind: 'keyword', value: part })) }
    return { kind: 'field', field, value: one.length === 1 ? one[0]! : one }
  })
  if (isAll) return { kind: 'and', of: asks }
  if (field === '' || values.includes(null)) return { kind: 'or', of: asks }
  return { kind: 'field', field, value: values.flatMap((one) => one ?? []) }
}

function toScalar(value: unknown): Scalar {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (value === null || value === undefined) return ''
  throw new NotInTimesketch('a text, a number or a truth value was expected as value of a field')
}

/** What a value becomes by its modifiers, in their order. */
function makeChange(modifiers: readonly string[]): (value: Scalar) => readonly Scalar[] {
  const changes = modifiers.map((modifier) => {
    // Timesketch takes these two out of every rule, so that they mean "equals".
    if (modifier === 'startswith' || modifier === 'endswith' || modifier === 're') return undefined
    const change = CHANGES.get(modifier)
    if (!change) throw new NotInTimesketch(`the modifier '${modifier}'`)
    return change
  })
  return (value) => {
    let values: readonly Scalar[] = [value]
    for (const change of changes) if (change) values = values.flatMap((one) => change(String(one)))
    return values
  }
}

const CHANGES: ReadonlyMap<string, (text: string) => readonly string[]> = new Map([
  ['contains', (text) => [contain(text)]],
  ['base64', (text) => [encodeBase64(toBytes(text))]],
  ['base64offset', (text) => listBase64Offsets(toBytes(text))],
  ['wide', (text) => [encodeUtf16(text, 'le')]],
  ['utf16le', (text) => [encodeUtf16(text, 'le')]],
  ['utf16be', (text) => [encodeUtf16(text, 'be')]],
  ['utf16', (text) => [encodeUtf16(`\ufeff${text}`, 'le')]],
])

function contain(text: string): string {
  const start = text.startsWith('*') ? text : `*${text}`
  if (start.endsWith('*') && start.length > 1) return start
  return start.endsWith('\\') ? `${start}\\*` : `${start}*`
}

/** Of characters beyond Latin-1 the lower byte is taken. */
function toBytes(text: string): string {
  return text.replace(/[^\0-\xff]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) & 0xff))
}
