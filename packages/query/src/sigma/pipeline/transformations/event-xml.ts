import type { DetectionItem } from '../../rule/rule.ts'
import { joinTexts } from '../../rule/sigma-string.ts'
import { asksAbsence, joinParts } from '../../rule/split-item.ts'
import type { SigmaRegexp, SigmaValue, StringPart } from '../../rule/value.ts'
import type { Transformation } from '../pipeline.ts'
import type { StepReader } from '../step-reader.ts'
import { changeItems } from '../walk-items.ts'

/**
 * `event_xml` (ours, not pySigma's): a field of a Windows event that is held as XML in one field, as Plaso's `xml_string` does.
 * What is asked of the field is asked of the text of its `<Data Name="…">` element, as a regular expression over the XML; the field is
 * missing where there is no such element, or one that has neither text nor end (`<Data Name="…"/>`): XML writes an empty value so too,
 * and who asks for one gets both.
 */
export function eventXml(reader: StepReader): Transformation {
  const target = reader.requiredText('field')
  return {
    rule: (rule, step, run) =>
      changeItems(rule, step, run, (item) => {
        if (item.field === undefined) return item
        const { field, negated } = item
        const present = item.values.filter((value) => !asksAbsence(value))
        const values = present.map((value) => toXmlRegexp(value, field))
        if (!values.every((value) => value !== undefined)) return item
        const parts: DetectionItem[] = []
        if (values.length > 0) parts.push({ ...item, field: target, values })
        if (values.length < item.values.length)
          parts.push({
            ...item,
            field: target,
            values: [makeRegexp(startOf(field), true)],
            negated: !negated,
          })
        return joinParts(item.linking, item, parts)
      }),
  }
}

/** Undefined for what cannot be asked of XML: numbers in a range, networks, other fields. */
function toXmlRegexp(value: SigmaValue, field: string): SigmaValue | undefined {
  const start = startOf(field)
  switch (value.kind) {
    case 'string':
      if (value.parts.length === 0) return makeRegexp(emptyOf(field), true)
      return {
        ...makeRegexp(start, !value.cased),
        parts: joinTexts([textPart(start), ...value.parts.map(toRegexpPart), textPart('</Data>')]),
      }
    case 'number':
      return makeRegexp(`${start}${escapeRegexp(value.text)}</Data>`, true)
    case 'boolean':
      return makeRegexp(`${start}${value.value}</Data>`, true)
    case 'exists':
      return makeRegexp(start, true)
    case 'any-of': {
      const of = value.of.map((one) => toXmlRegexp(one, field))
      return of.every((one) => one !== undefined) ? { kind: 'any-of', of } : undefined
    }
    default:
      return undefined
  }
}

function startOf(field: string): string {
  return `${nameOf(field)}>`
}

function emptyOf(field: string): string {
  return `${nameOf(field)}(></Data>|[ ]?/>)`
}

function nameOf(field: string): string {
  return `<Data Name=["']${escapeRegexp(field)}["']`
}

function makeRegexp(source: string, i: boolean): SigmaRegexp {
  return { kind: 'regexp', parts: [textPart(source)], flags: { i, m: false, s: true } }
}

function textPart(text: string): StringPart {
  return { kind: 'text', text }
}

function toRegexpPart(part: StringPart): StringPart {
  switch (part.kind) {
    case 'text': {
      const escaped = part.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
      return textPart(escapeRegexp(escaped))
    }
    case 'run':
      return textPart('[^<]*')
    case 'one':
      return textPart('[^<]')
    case 'placeholder':
      return part
  }
}

function escapeRegexp(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&')
}
