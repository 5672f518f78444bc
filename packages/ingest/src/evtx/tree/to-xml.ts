import type { Scalar } from '../binxml/decode-value.ts'
import type { XmlElement } from './xml-element.ts'

const INDENT = '  '
/** What XML 1.0 (section 2.2) has no way to write. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Writes an event as XML, elements on lines of their own, two spaces for each level; characters XML forbids become `_`. */
export function toXml(root: XmlElement): string {
  const lines: string[] = []
  writeElement(root, '', lines)
  return lines.join('\n')
}

function writeElement({ name, attributes, content }: XmlElement, indent: string, lines: string[]): void {
  const head = attributes
    .map(([key, value]) => ` ${writeName(key)}="${escapeText(value, /[&<>"']/g)}"`)
    .join('')
  const tag = writeName(name)
  if (content.length === 0) {
    lines.push(`${indent}<${tag}${head}/>`)
    return
  }
  if (!content.some(({ kind }) => kind === 'element')) {
    lines.push(`${indent}<${tag}${head}>${content.map(writeInline).join('')}</${tag}>`)
    return
  }
  lines.push(`${indent}<${tag}${head}>`)
  for (const node of content) {
    if (node.kind === 'element') writeElement(node.element, indent + INDENT, lines)
    else lines.push(`${indent}${INDENT}${writeInline(node)}`)
  }
  lines.push(`${indent}</${tag}>`)
}

function writeInline(node: XmlElement['content'][number]): string {
  if (node.kind === 'value') return escapeText(node.value, /[&<>]/g)
  if (node.kind === 'instruction')
    return `<?${writeName(node.target)} ${node.data.replaceAll('?>', '?_').replace(FORBIDDEN, '_')}?>`
  return ''
}

/** Names come from the file: one that is none must not end a tag. */
function writeName(name: string): string {
  return name === '' ? '_' : name.replace(/[\s<>&"'/=?\0-\x1f]/g, '_').toWellFormed()
}

function escapeText(value: Scalar, special: RegExp): string {
  if (typeof value !== 'string') return String(value)
  return value
    .toWellFormed()
    .replace(FORBIDDEN, '_')
    .replace(special, (character) => ESCAPES[character]!)
}
