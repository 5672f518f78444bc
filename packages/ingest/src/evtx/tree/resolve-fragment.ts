import type { ChunkContext } from '../binxml/chunk-context.ts'
import type { Scalar, Value, ValueDecoder } from '../binxml/decode-value.ts'
import { findDefinition } from '../binxml/find-definition.ts'
import type { AttributeNode, ElementNode, Node, Part } from '../binxml/nodes.ts'
import { parseFragment } from '../binxml/parse-fragment.ts'
import type { ValueTable } from '../binxml/template-instance.ts'
import { VALUE } from '../binxml/value-types.ts'
import { MAX_ELEMENT_DEPTH, MAX_FRAGMENT_DEPTH, MAX_RECORD_TEXT_BYTES } from '../limits.ts'
import { RecordError } from '../record-error.ts'
import type { XmlNode } from './xml-element.ts'

/**
 * Reads binary XML and puts values in the places that templates leave for them.
 *
 * As Windows shows it: an element that depends on a null value is left out, an attribute without a value too; an element with an
 * array of several items in it is repeated for each; a value that is XML itself is put in its place whole.
 *
 * @param start - Of the first token in the chunk.
 * @param end - Exclusive.
 * @returns What stands at the top: elements, as a rule one.
 * @throws {RecordError}
 */
export function resolveFragment(
  chunk: ChunkContext,
  decoder: ValueDecoder,
  start: number,
  end: number,
): readonly XmlNode[] {
  return new Resolver(chunk, decoder).resolveRange(start, end, 0, 0)
}

/** The values of a template's instance, each decoded once, and where elements around them are repeated which item stands for them. */
interface Values {
  readonly table: ValueTable
  readonly decoded: Map<number, Value>
  readonly chosen: ReadonlyMap<Part, Scalar>
}

const NO_CHOICE: ReadonlyMap<Part, Scalar> = new Map()

class Resolver {
  readonly #chunk: ChunkContext
  readonly #decoder: ValueDecoder
  #textLength = 0

  constructor(chunk: ChunkContext, decoder: ValueDecoder) {
    this.#chunk = chunk
    this.#decoder = decoder
  }

  resolveRange(start: number, end: number, fragments: number, elements: number): XmlNode[] {
    if (fragments > MAX_FRAGMENT_DEPTH) throw tooDeep('fragments', 'MAX_FRAGMENT_DEPTH', MAX_FRAGMENT_DEPTH)
    const { nodes } = parseFragment(this.#chunk, start, end, false)
    const resolved: XmlNode[] = []
    for (const node of nodes) this.#addNode(node, undefined, resolved, fragments, elements)
    return resolved
  }

  #addNode(
    node: Node,
    values: Values | undefined,
    into: XmlNode[],
    fragments: number,
    elements: number,
  ): void {
    this.#chunk.budget.spend()
    switch (node.kind) {
      case 'text':
        this.#addValue(node.text, into)
        return
      case 'slot':
        this.#addSlot(node, values, into, fragments, elements)
        return
      case 'instruction':
        into.push(node)
        return
      case 'instance': {
        const { root } = findDefinition(this.#chunk, node.instance.definitionAt)
        const inner: Values = { table: node.instance.values, decoded: new Map(), chosen: NO_CHOICE }
        this.#addElements(root, inner, into, fragments, elements)
        return
      }
      case 'element': {
        const { dependency } = node.element
        const isLeftOut =
          values !== undefined &&
          dependency >= 0 &&
          dependency < values.table.count &&
          values.table.types[dependency] === VALUE.null
        if (!isLeftOut) this.#addElements(node.element, values, into, fragments, elements)
        return
      }
      default:
        node satisfies never
    }
  }

  /** Adds the element; where one of its values is an array of several items, once for each. */
  #addElements(
    element: ElementNode,
    values: Values | undefined,
    into: XmlNode[],
    fragments: number,
    depth: number,
  ): void {
    if (depth >= MAX_ELEMENT_DEPTH) throw tooDeep('elements', 'MAX_ELEMENT_DEPTH', MAX_ELEMENT_DEPTH)
    const repeated = values && this.#findArray(element, values)
    if (values && repeated) {
      for (const item of repeated.items) {
        const chosen = new Map(values.chosen).set(repeated.part, item)
        this.#addElements(element, { ...values, chosen }, into, fragments, depth)
      }
      return
    }
    this.#chunk.budget.spend()
    const content: XmlNode[] = []
    for (const node of element.content) this.#addNode(node, values, content, fragments, depth + 1)
    const attributes: [string, Scalar][] = []
    for (const attribute of element.attributes) {
      const value = this.#resolveAttribute(attribute, values)
      if (value !== undefined && value !== '') attributes.push([attribute.name, value])
    }
    into.push({ kind: 'element', element: { name: element.name, attributes, content } })
  }

  #findArray(element: ElementNode, values: Values): { part: Part; items: readonly Scalar[] } | undefined {
    for (const node of element.content) {
      if (node.kind !== 'slot') continue
      const items = this.#listItems(node, values)
      if (items) return { part: node, items }
    }
    for (const { parts } of element.attributes) {
      for (const part of parts) {
        const items = part.kind === 'slot' ? this.#listItems(part, values) : undefined
        if (items) return { part, items }
      }
    }
    return undefined
  }

  #listItems(part: Extract<Part, { kind: 'slot' }>, values: Values): readonly Scalar[] | undefined {
    if (values.chosen.has(part)) return undefined
    const value = this.#decode(part.index, values)
    return Array.isArray(value) && value.length > 1 ? value : undefined
  }

  #addSlot(
    part: Extract<Part, { kind: 'slot' }>,
    values: Values | undefined,
    into: XmlNode[],
    fragments: number,
    elements: number,
  ): void {
    if (values === undefined || part.index >= values.table.count) return
    const { table } = values
    if (table.types[part.index] === VALUE.fragment) {
      const size = table.sizes[part.index]!
      const start = table.starts[part.index]!
      if (size === 0) return
      for (const node of this.resolveRange(start, start + size, fragments + 1, elements)) into.push(node)
      return
    }
    const value = this.#readSlot(part, values)
    if (value !== undefined) this.#addValue(value, into)
  }

  #resolveAttribute({ parts }: AttributeNode, values: Values | undefined): Scalar | undefined {
    const found: Scalar[] = []
    for (const part of parts) {
      const value = part.kind === 'text' ? part.text : values && this.#readSlot(part, values)
      if (value !== undefined && value !== '') found.push(value)
    }
    if (found.length <= 1) return found[0]
    const text = found.join('')
    this.#noteText(text)
    return text
  }

  /** The one value of a slot: an array's item where the element is repeated for it, or the only item of an array, as text. */
  #readSlot(part: Extract<Part, { kind: 'slot' }>, values: Values): Scalar | undefined {
    const chosen = values.chosen.get(part)
    const value = chosen ?? this.#decode(part.index, values)
    if (Array.isArray(value)) return value.length === 0 ? undefined : String(value[0])
    this.#noteText(value as Scalar | undefined)
    return value as Scalar | undefined
  }

  #decode(index: number, { table, decoded }: Values): Value {
    if (index >= table.count || table.types[index] === VALUE.fragment) return undefined
    if (decoded.has(index)) return decoded.get(index)
    const value = this.#decoder.decode(
      this.#chunk.bytes,
      table.types[index]!,
      table.starts[index]!,
      table.sizes[index]!,
    )
    decoded.set(index, value)
    return value
  }

  #addValue(value: Scalar, into: XmlNode[]): void {
    this.#noteText(value)
    into.push({ kind: 'value', value })
  }

  #noteText(value: Scalar | undefined): void {
    if (typeof value !== 'string') return
    this.#textLength += value.length
    if (this.#textLength > MAX_RECORD_TEXT_BYTES) {
      throw new RecordError(
        'over-limit',
        `expected a record of at most ${MAX_RECORD_TEXT_BYTES} bytes of text (MAX_RECORD_TEXT_BYTES), found more`,
      )
    }
  }
}

function tooDeep(what: string, limit: string, count: number): RecordError {
  return new RecordError(
    'over-limit',
    `expected at most ${count} ${what} inside of one another (${limit}), found more`,
  )
}
