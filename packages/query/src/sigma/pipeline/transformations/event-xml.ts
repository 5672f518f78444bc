import type { DetectionItem } from '../../rule/rule.ts'
import type { SigmaValue, StringPart } from '../../rule/value.ts'
import type { Transformation } from '../pipeline.ts'
import type { StepReader } from '../step-reader.ts'
import { changeItems } from '../walk-items.ts'

/**
 * `event_xml` (ours, not pySigma's): a field of a Windows event that is held as XML in one field, as Plaso's `xml_string` does.
 * What is asked of the field is asked of the text of its `<Data Name="…">` element, as a regular expression over the XML.
 */
export function eventXml(reader: StepReader): Transformation {
  const target = reader.requiredText('field')
  return {
    rule: (rule, step, run) =>
      changeItems(rule, step, run, (item) => {
        if (item.field === undefined) return item
        const values = item.values.map((value) => toXmlRegexp(value, item.field!))
        if (!values.every((value) => value !== undefined)) return item
        return { ...item, field: target, values } satisfies DetectionItem
      }),
  }
}

/** Undefined for what cannot be asked of XML: numbers in a range, networks, other fields. */
function toXmlRegexp(value: SigmaValue, field: string): SigmaValue | undefined {
  const start = `<Data Name=["']${escapeRegexp(field)}["']>`
  const make = (source: string, i: boolean): SigmaValue => ({
    kind: 'regexp',
    parts: [{ kind: 'text', text: source }],
    flags: { i, m: false, s: true },
  })
  switch (value.kind) {
    case 'string':
      return make(`${start}${value.parts.map(writePart).join('')}</Data>`, !value.cased)
    case 'number':
      return make(`${start}${escapeRegexp(value.text)}</Data>`, true)
    case 'boolean':
      return make(`${start}${value.value}</Data>`, true)
    case 'any-of': {
      const of = value.of.map((one) => toXmlRegexp(one, field))
      return of.every((one) => one !== undefined) ? { kind: 'any-of', of } : undefined
    }
    default:
      return undefined
  }
}

function writePart(part: StringPart): string {
  switch (part.kind) {
    case 'text':
      return escapeRegexp(part.text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
    case 'run':
      return '[^<]*'
    case 'one':
      return '[^<]'
    case 'placeholder':
      return ''
  }
}

function escapeRegexp(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, '\\$&')
}
