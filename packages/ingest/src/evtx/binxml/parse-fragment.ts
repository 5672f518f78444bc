import { readU16, readU32, readUtf16, requireBytes, toHex } from '../bytes.ts'
import { MAX_ELEMENT_DEPTH } from '../limits.ts'
import { RecordError } from '../record-error.ts'
import type { ChunkContext } from './chunk-context.ts'
import type { AttributeNode, ElementNode, Node, Part } from './nodes.ts'
import { readInstance } from './template-instance.ts'

const HAS_MORE = 0x40
const TEXT_VALUE = 0x01
const NO_DEPENDENCY = 0xffff
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

interface OpenElement {
  readonly element: ElementNode
  /** Attributes may come: neither 02 nor 03 has. */
  isStart: boolean
  attribute: AttributeNode | undefined
}

/** What a fragment held, and where it ended (exclusive). */
export interface Fragment {
  readonly nodes: readonly Node[]
  readonly end: number
}

/**
 * Parses a stream of binary XML tokens.
 *
 * Format: libyal/libevtx, Windows XML Event Log (EVTX), binary XML. A token's low six bits say what it is.
 *
 * @param isDefinition - The stream is a template's: elements have dependencies and values are left open.
 * @param start - Of the first token in the chunk.
 * @param end - Exclusive.
 * @throws {RecordError} When it breaks the grammar or a limit.
 */
export function parseFragment(
  chunk: ChunkContext,
  start: number,
  end: number,
  isDefinition: boolean,
): Fragment {
  const parser = new FragmentParser(chunk, start, end, isDefinition)
  const nodes = parser.parse()
  return { nodes, end: parser.position }
}

class FragmentParser {
  readonly #chunk: ChunkContext
  readonly #end: number
  readonly #isDefinition: boolean
  readonly #nodes: Node[] = []
  readonly #open: OpenElement[] = []
  #at: number

  constructor(chunk: ChunkContext, start: number, end: number, isDefinition: boolean) {
    this.#chunk = chunk
    this.#at = start
    this.#end = Math.min(end, chunk.bytes.length)
    this.#isDefinition = isDefinition
  }

  get position(): number {
    return this.#at
  }

  parse(): Node[] {
    while (this.#at < this.#end) {
      const at = this.#at++
      const token = this.#chunk.bytes[at]!
      if (token === 0x00) break
      this.#chunk.budget.spend()
      this.#readToken(token, at)
    }
    const top = this.#open.at(-1)
    if (top) this.#fail(this.#at, `the end of the element ${JSON.stringify(top.element.name)}`, 'the end')
    return this.#nodes
  }

  #readToken(token: number, at: number): void {
    switch (token & ~HAS_MORE) {
      case 0x01:
        this.#startElement((token & HAS_MORE) !== 0, at)
        return
      case 0x02:
        this.#requireStart(at).isStart = false
        return
      case 0x03:
        this.#requireStart(at)
        this.#open.pop()
        return
      case 0x04:
        if (this.#open.at(-1)?.isStart !== false) this.#fail(at, 'an element to end')
        this.#open.pop()
        return
      case 0x05:
        if (this.#readByte('a value type') !== TEXT_VALUE) this.#fail(at, 'a text')
        this.#addPart(this.#readText(), at)
        return
      case 0x06: {
        const top = this.#requireStart(at)
        top.attribute = { name: this.#readName(), parts: [] }
        top.element.attributes.push(top.attribute)
        return
      }
      case 0x07:
        this.#addPart(this.#readText(), at)
        return
      case 0x08:
        this.#addPart({ kind: 'text', text: String.fromCharCode(this.#readU16('a character')) }, at)
        return
      case 0x09: {
        const name = this.#readName()
        this.#addPart({ kind: 'text', text: ENTITIES[name] ?? `&${name};` }, at)
        return
      }
      case 0x0a:
        this.#addNode({ kind: 'instruction', target: this.#readName(), data: this.#readInstruction() }, at)
        return
      case 0x0c:
        this.#readInstance(at)
        return
      case 0x0d:
      case 0x0e:
        this.#readSlot(at)
        return
      case 0x0f:
        if (this.#open.length > 0) this.#fail(at, 'something inside of an element')
        requireBytes(this.#at, 3, this.#end, 'a fragment header')
        this.#at += 3
        return
      default:
        this.#fail(at, 'a token of binary XML')
    }
  }

  #startElement(hasAttributes: boolean, at: number): void {
    if (this.#open.length >= MAX_ELEMENT_DEPTH) {
      throw new RecordError(
        'over-limit',
        `expected at most ${MAX_ELEMENT_DEPTH} elements inside of one another (MAX_ELEMENT_DEPTH), found more`,
      )
    }
    let dependency = -1
    if (this.#isDefinition) {
      const index = this.#readU16('a dependency')
      if (index !== NO_DEPENDENCY) dependency = index
    }
    // The element's size says nothing that its tokens do not.
    requireBytes(this.#at, 4, this.#end, 'the size of an element')
    this.#at += 4
    const element: ElementNode = { name: this.#readName(), dependency, attributes: [], content: [] }
    if (hasAttributes) {
      requireBytes(this.#at, 4, this.#end, 'the size of attributes')
      this.#at += 4
    }
    this.#addNode({ kind: 'element', element }, at)
    this.#open.push({ element, isStart: true, attribute: undefined })
  }

  #readSlot(at: number): void {
    if (!this.#isDefinition) this.#fail(at, 'no place for a value outside of a template')
    requireBytes(this.#at, 3, this.#end, 'a place for a value')
    this.#addPart({ kind: 'slot', index: readU16(this.#chunk.bytes, this.#at) }, at)
    this.#at += 3
  }

  #readInstance(at: number): void {
    if (this.#isDefinition) this.#fail(at, 'no template inside of a template')
    const instance = readInstance(this.#chunk, this.#at, this.#end)
    this.#at = instance.end
    this.#addNode({ kind: 'instance', instance }, at)
  }

  #readInstruction(): string {
    requireBytes(this.#at, 1, this.#end, 'an instruction')
    if ((this.#chunk.bytes[this.#at]! & ~HAS_MORE) !== 0x0b) return ''
    this.#at++
    return this.#readText().text
  }

  #addPart(part: Part, at: number): void {
    const top = this.#open.at(-1)
    if (!top?.isStart) this.#addNode(part, at)
    else if (top.attribute) top.attribute.parts.push(part)
    else this.#fail(at, 'the name of an attribute in front of its value')
  }

  #addNode(node: Node, at: number): void {
    const top = this.#open.at(-1)
    if (top?.isStart) this.#fail(at, 'an attribute or the end of a start tag')
    const nodes = top ? top.element.content : this.#nodes
    nodes.push(node)
  }

  #requireStart(at: number): OpenElement {
    const top = this.#open.at(-1)
    if (!top?.isStart) this.#fail(at, 'the start tag of an element around it')
    return top!
  }

  #readName(): string {
    requireBytes(this.#at, 4, this.#end, 'the offset of a name')
    const offset = readU32(this.#chunk.bytes, this.#at)
    this.#at += 4
    const name = this.#chunk.readName(offset)
    if (offset === this.#at) this.#at += this.#chunk.measureName(offset)
    return name
  }

  #readText(): Extract<Part, { kind: 'text' }> {
    const sizeBytes = this.#readU16('the length of a text') * 2
    requireBytes(this.#at, sizeBytes, this.#end, 'text')
    const text = readUtf16(this.#chunk.bytes, this.#at, this.#at + sizeBytes)
    this.#at += sizeBytes
    return { kind: 'text', text }
  }

  #readByte(what: string): number {
    requireBytes(this.#at, 1, this.#end, what)
    return this.#chunk.bytes[this.#at++]!
  }

  #readU16(what: string): number {
    requireBytes(this.#at, 2, this.#end, what)
    this.#at += 2
    return readU16(this.#chunk.bytes, this.#at - 2)
  }

  #fail(at: number, expected: string, found: string = toHex(this.#chunk.bytes[at] ?? 0)): never {
    throw new RecordError('bad-record', `expected ${expected} at ${toHex(at)} of the chunk, found ${found}`)
  }
}
