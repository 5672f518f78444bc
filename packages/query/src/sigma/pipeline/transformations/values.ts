import { SigmaError } from '../../problem.ts'
import { readSigmaNumber } from '../../rule/modifiers/number.ts'
import type { Detection, DetectionItem } from '../../rule/rule.ts'
import {
  joinTexts,
  listPlaceholders,
  parseSigmaString,
  plainString,
  plainTextOf,
  writeParts,
} from '../../rule/sigma-string.ts'
import { joinParts } from '../../rule/split-item.ts'
import type { SigmaString, SigmaValue, StringPart } from '../../rule/value.ts'
import type { Transformation } from '../pipeline.ts'
import type { StepReader } from '../step-reader.ts'
import { changeItems, changeValues } from '../walk-items.ts'

/** `replace_string`: by a regular expression, `\1` in the replacement stands for its first group. */
export function replaceString(reader: StepReader): Transformation {
  const pattern = reader.regexp('regex', 'gu')
  const replacement = reader
    .requiredText('replacement')
    .replaceAll('$', '$$$$')
    .replaceAll(/\\g<(\w+)>|\\(\d)/g, (_, name: string | undefined, digit: string | undefined) =>
      name === undefined ? `$${digit}` : /^\d+$/.test(name) ? `$${name}` : `$<${name}>`,
    )
    .replaceAll('\\\\', '\\')
  const skipsWildcards = reader.flag('skip_special')
  const readsWildcards = reader.flag('interpret_special')
  const replace = (value: SigmaString): SigmaString => {
    if (!skipsWildcards && !hasPlaceholders(value)) {
      const text = writeParts(value.parts).replaceAll(pattern, replacement)
      return { ...value, parts: parseSigmaString(text.replaceAll(/\\(?![*?])/g, '\\\\')).parts }
    }
    const parts = value.parts.flatMap((part): readonly StringPart[] => {
      if (part.kind !== 'text') return [part]
      const text = part.text.replaceAll(pattern, replacement)
      return readsWildcards ? parseSigmaString(text).parts : [{ kind: 'text', text }]
    })
    return { ...value, parts: joinTexts(parts) }
  }
  return {
    rule: (rule, step, run) =>
      changeValues(rule, step, run, (value) => {
        if (value.kind === 'string') return replace(value)
        return value.kind === 'number' ? replace(plainString(value.text)) : value
      }),
  }
}

/** `map_string`: whole texts to one or several others. */
export function mapString(reader: StepReader): Transformation {
  const mapping = reader.mapping('mapping')
  return {
    rule: (rule, step, run) =>
      changeValues(rule, step, run, (value) => {
        const texts = value.kind === 'string' ? mapping.get(writeParts(value.parts)) : undefined
        return texts?.map(parseSigmaString) ?? value
      }),
  }
}

/** `set_value`: the same value for all. */
export function setValue(reader: StepReader): Transformation {
  const given = reader.value('value')
  const type = reader.choice('force_type', ['', 'str', 'num'], '')
  const value = type === '' ? toValue(given) : convert(toValue(given), type, reader)
  return { rule: (rule, step, run) => changeValues(rule, step, run, () => value) }
}

/** `convert_type`: numbers to texts or texts to numbers. */
export function convertType(reader: StepReader): Transformation {
  const type = reader.choice('target_type', ['str', 'num'], 'str')
  return { rule: (rule, step, run) => changeValues(rule, step, run, (value) => convert(value, type, reader)) }
}

/** `case`: texts in small or capital letters or in snake case. */
export function changeCase(reader: StepReader): Transformation {
  const method = reader.choice('method', ['lower', 'upper', 'snake_case'], 'lower')
  const change = (text: string): string => {
    if (method === 'upper') return text.toUpperCase()
    return (method === 'lower' ? text : text.replaceAll(/(?<!^)(?=[A-Z])/g, '_')).toLowerCase()
  }
  return {
    rule: (rule, step, run) =>
      changeValues(rule, step, run, (value) => {
        if (value.kind !== 'string') return value
        const parts = value.parts.map((part) =>
          part.kind === 'text' ? { ...part, text: change(part.text) } : part,
        )
        return { ...value, parts }
      }),
  }
}

/** `regex`: texts as regular expressions; how case is ignored makes no difference here. */
export function toRegexp(reader: StepReader): Transformation {
  const method = reader.choice(
    'method',
    ['plain', 'ignore_case_flag', 'ignore_case_brackets'],
    'ignore_case_brackets',
  )
  return {
    rule: (rule, step, run) =>
      changeValues(rule, step, run, (value) => {
        if (value.kind !== 'string' || value.parts.length === 0) return value
        const source = value.parts.map(writeRegexpPart).join('')
        const flags = { i: method !== 'plain', m: false, s: true }
        return { kind: 'regexp', parts: [{ kind: 'text', text: `\\A${source}\\z` }], flags }
      }),
  }
}

function writeRegexpPart(part: StringPart): string {
  switch (part.kind) {
    case 'text':
      return part.text.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&')
    case 'run':
      return '.*'
    case 'one':
      return '.'
    case 'placeholder':
      throw new SigmaError(
        'bad-pipeline',
        `a value for the placeholder %${part.name}% before "regex" expected`,
      )
  }
}

/** `drop_detection_item`. */
export function dropItem(): Transformation {
  return { rule: (rule, step, run) => changeItems(rule, step, run, () => undefined) }
}

const HASH_LENGTHS: Readonly<Record<number, string>> = { 32: 'MD5', 40: 'SHA1', 64: 'SHA256', 128: 'SHA512' }

/** `hashes_fields`: `Hashes: SHA1=…` to a field for each kind of hash. */
export function hashesFields(reader: StepReader): Transformation {
  const kinds = reader.requiredTexts('valid_hash_algos')
  const prefix = reader.text('field_prefix') ?? ''
  const dropsKind = reader.flag('drop_algo_prefix')
  const fields = reader.texts('field_to_parse') ?? ['Hashes', 'Hash']
  const split = (item: DetectionItem): Detection => {
    if (item.field === undefined || !fields.includes(item.field)) return item
    const byField = new Map<string, SigmaValue[]>()
    for (const value of item.values) {
      if (value.kind !== 'string' || hasPlaceholders(value)) return item
      const [kind, hash] = readHash(writeParts(value.parts))
      if (kind === undefined || !kinds.includes(kind)) continue
      const field = prefix + (dropsKind ? '' : kind)
      byField.set(field, [...(byField.get(field) ?? []), plainString(hash)])
    }
    if (byField.size === 0)
      throw new SigmaError(
        'refused-by-pipeline',
        `a hash of the kinds ${kinds.join(', ')} expected`,
        item.place,
      )
    const of = [...byField].map(
      ([field, values]): DetectionItem => ({ ...item, field, values, linking: 'any' }),
    )
    return joinParts(item.linking, item, of)
  }
  return { rule: (rule, step, run) => changeItems(rule, step, run, split) }
}

function readHash(text: string): readonly [kind: string | undefined, hash: string] {
  const [first = '', second, ...others] = text.split(text.includes('|') ? '|' : '=')
  const trim = (part: string): string => part.replaceAll(/^[*?]+|[*?]+$/g, '')
  if (second !== undefined && others.length === 0)
    return [first.replace(/^\*+/, '').toUpperCase(), trim(second)]
  const hash = trim(first)
  return [HASH_LENGTHS[hash.length], hash]
}

/** `extract_fields`: the named groups of a regular expression to fields of their own. */
export function extractFields(reader: StepReader): Transformation {
  const pattern = reader.toRegexp(`^(?:${reader.requiredText('regex')})`, 'regex', 'u')
  const prefix = reader.text('field_prefix')
  const keepsOthers = reader.flag('preserve_unmatched')
  const extract = (item: DetectionItem): Detection => {
    const parts: Detection[] = []
    for (const value of item.values) {
      if (value.kind !== 'string' || hasPlaceholders(value)) return item
      const groups = pattern.exec(writeParts(value.parts))?.groups
      if (groups) {
        const of = Object.entries(groups).flatMap(([name, text]): DetectionItem[] => {
          if (!text) return []
          const field = prefix === undefined ? name : `${prefix}.${name}`
          return [{ ...item, field, values: [readExtracted(text)] }]
        })
        parts.push(joinParts('all', item, of))
      } else if (keepsOthers) parts.push({ ...item, values: [value] })
    }
    return parts.length === 0 ? item : joinParts(item.linking, item, parts)
  }
  return { rule: (rule, step, run) => changeItems(rule, step, run, extract) }
}

function readExtracted(text: string): SigmaValue {
  if (/^(?:null|none)$/i.test(text)) return { kind: 'null' }
  const number = text !== '0' && text.startsWith('0') ? undefined : readSigmaNumber(text)
  return number ?? plainString(text)
}

/** As text they would be signs like others, and nothing would say that values are missing. */
function hasPlaceholders({ parts }: SigmaString): boolean {
  return listPlaceholders(parts).length > 0
}

function toValue(value: string | number | boolean | null): SigmaValue {
  if (value === null) return { kind: 'null' }
  if (typeof value === 'boolean') return { kind: 'boolean', value }
  if (typeof value === 'number') return { kind: 'number', value, text: String(value) }
  return parseSigmaString(value)
}

function convert(value: SigmaValue, type: 'str' | 'num', reader: StepReader): SigmaValue {
  if (type === 'str') return value.kind === 'number' ? plainString(value.text) : value
  if (value.kind !== 'string') return value
  const text = plainTextOf(value.parts)
  const number = text === undefined ? undefined : readSigmaNumber(text)
  if (number) return number
  throw new SigmaError(
    'refused-by-pipeline',
    `a number expected, found ${JSON.stringify(writeParts(value.parts))}`,
    reader.place,
  )
}
