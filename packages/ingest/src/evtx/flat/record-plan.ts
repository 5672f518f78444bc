import { Buffer } from 'node:buffer'
import type { ElementNode, Node } from '../binxml/nodes.ts'
import { encodeName } from './json-text.ts'
import { isMessageName, makeLabel } from './message.ts'

/** What a step does. */
export const STEP = {
  /** Writes a member that is the same in every record. */
  constant: 0,
  /** Writes a value; leaves the member out where there is none. */
  value: 1,
  /** Writes a value, an empty text where there is none. */
  valueOrEmpty: 2,
  /** Writes data without names: as a list, and each under a name. */
  unnamed: 3,
  /** Writes another instance's members: the value is one. */
  fragment: 4,
  /** Writes EventID with the qualifiers in front, where there are any. */
  messageIdentifier: 5,
} as const

/** What a value is to the rest of the record, beside a member. */
export const ROLE = { none: 0, id: 1, provider: 2, time: 3, data: 4 } as const

/** One step of writing a record's members. All steps have one shape, whatever they do: it is what makes them quick. */
export interface Step {
  readonly kind: (typeof STEP)[keyof typeof STEP]
  readonly role: (typeof ROLE)[keyof typeof ROLE]
  /** `,"name":`; of a constant with its value. */
  readonly head: Uint8Array
  /** Index of the value; of `messageIdentifier` the qualifiers'. */
  readonly slot: number
  /** Index of the second value: EventID of `messageIdentifier`, -1 where it is `constantId`. */
  readonly otherSlot: number
  /** The constant EventID of `messageIdentifier`. */
  readonly constantId: number
  /** Where a constant's value begins in `head`. */
  readonly valueAt: number
  /** What stands in front of the value in a message. */
  readonly label: Uint8Array
  /** The step is left out when one of these values is null. */
  readonly dependencies: readonly number[]
  /** Of `unnamed`: what each one holds, in order. */
  readonly items: readonly UnnamedItem[]
}

/** One element without a name: a constant text or a value, and what it depends on. */
export interface UnnamedItem {
  readonly text: string
  /** -1 for a text. */
  readonly slot: number
  readonly dependencies: readonly number[]
}

/** How the instances of a template are written as members of a flat record. */
export interface RecordPlan {
  readonly kind: 'event' | 'section'
  readonly steps: readonly Step[]
  /** Names that may be written: a record's parts must have none in common. */
  readonly names: ReadonlySet<string>
  /** The plan whose names were last compared with these, and whether none is in both. */
  comparedWith: RecordPlan | undefined
  isDistinct: boolean
}

/** Names with a meaning of their own in records or in the tree that records are made from: a template with one goes by the tree. */
const RESERVED = /^(?:message|written_time|timestamp_desc|recovered|xml_string|Data|#.*|)$/

/**
 * Plans how instances of a template are written without making a tree of them.
 *
 * @returns Undefined for templates of another shape, or where two members might have one name: those go by the tree.
 */
export function planRecord(root: ElementNode): RecordPlan | undefined {
  const planner = new Planner()
  const isEvent = root.name === 'Event'
  const isPlanned = isEvent ? planner.addEvent(root) : planner.addSection(root, [])
  if (!isPlanned) return undefined
  const { steps, names } = planner
  return { kind: isEvent ? 'event' : 'section', steps, names, comparedWith: undefined, isDistinct: false }
}

/** One text or slot, nothing, or more than a plan knows. */
type Content = { readonly text: string } | { readonly slot: number } | 'empty' | 'complex'

class Planner {
  readonly steps: Step[] = []
  readonly names: Set<string> = new Set()

  addEvent(root: ElementNode): boolean {
    for (const node of root.content) {
      if (node.kind === 'slot') this.#add({ kind: STEP.fragment, slot: node.index, dependencies: [] })
      else if (node.kind !== 'element') return false
      else if (node.element.name === 'System') {
        if (!this.#addSystem(node.element)) return false
      } else if (!this.addSection(node.element, depend([], node.element))) return false
    }
    return this.names.has('EventID')
  }

  addSection(section: ElementNode, dependencies: readonly number[]): boolean {
    if (section.name === 'EventData') return this.#addEventData(section, dependencies)
    return section.name === 'UserData' && this.#addUserData(section, dependencies)
  }

  #addSystem(system: ElementNode): boolean {
    const inSystem = depend([], system)
    for (const node of system.content) {
      if (node.kind !== 'element') return false
      const { element } = node
      const dependencies = depend(inSystem, element)
      for (const { name, parts } of element.attributes) {
        const content = readContent(parts)
        if (!this.#addMember(`${element.name}_${name}`, content, dependencies, STEP.value)) return false
        if (element.name === 'Provider' && name === 'EventSourceName')
          if (!this.#addMember('source_name', content, dependencies, STEP.value)) return false
      }
      const content = readContent(element.content)
      if (!this.#addMember(element.name, content, dependencies, STEP.value)) return false
      if (element.name === 'EventID' && !this.#addIdentifier(element, content, dependencies)) return false
    }
    return true
  }

  /** What Plaso calls the message's identifier: the qualifiers are its upper half. */
  #addIdentifier(element: ElementNode, content: Content, dependencies: readonly number[]): boolean {
    const qualifiers = element.attributes.find(({ name }) => name === 'Qualifiers')
    if (qualifiers === undefined) return true
    const upper = readContent(qualifiers.parts)
    if (typeof content === 'string' || typeof upper === 'string' || 'text' in upper) return upper === 'empty'
    if (!this.#claim('message_identifier')) return false
    const constantId = 'text' in content ? Number(content.text) : 0
    const otherSlot = 'slot' in content ? content.slot : -1
    const head = encodeName('message_identifier')
    const { slot } = upper
    this.#add({ kind: STEP.messageIdentifier, head, slot, otherSlot, constantId, dependencies })
    return true
  }

  #addEventData(section: ElementNode, outer: readonly number[]): boolean {
    if (section.attributes.length > 0) return false
    const place = this.steps.length
    const unnamed: UnnamedItem[] = []
    let hasNamed = false
    let hasLeaf = false
    for (const node of section.content) {
      if (node.kind !== 'element') return false
      const { element } = node
      const dependencies = depend(outer, element)
      const content = readContent(element.content)
      if (content === 'complex') return false
      if (element.name !== 'Data') {
        if (element.attributes.length > 0) return false
        if (!this.#addData(element.name, content, dependencies, STEP.value)) return false
        hasLeaf = true
        continue
      }
      const named = element.attributes.find(({ name }) => name === 'Name')
      if (named === undefined) {
        unnamed.push({ text: '', slot: -1, dependencies, ...(content === 'empty' ? {} : content) })
        continue
      }
      const [name] = named.parts
      if (named.parts.length !== 1 || name?.kind !== 'text' || name.text === '') return false
      // In the tree all data stand in front of other elements, and so in the message.
      if (hasLeaf) return false
      hasNamed = true
      if (!this.#addData(name.text, content, dependencies, STEP.valueOrEmpty)) return false
    }
    if (unnamed.length === 0) return true
    // Their names, param1 and so on, are as many as there are values: nothing else may have such a one.
    if (hasNamed || [...this.names].some((name) => name.startsWith('param'))) return false
    this.names.add(UNNAMED)
    this.#add({ kind: STEP.unnamed, items: unnamed, dependencies: outer })
    // They come first in records as in the tree.
    this.steps.splice(place, 0, this.steps.pop()!)
    return true
  }

  /** A value, and again under the name without characters that field names of rules cannot have. */
  #addData(
    name: string,
    content: Content,
    dependencies: readonly number[],
    kind: typeof STEP.value | typeof STEP.valueOrEmpty,
  ): boolean {
    if (!this.#addMember(name, content, dependencies, kind)) return false
    const plain = name.replace(/[^A-Za-z0-9_]/g, '')
    if (plain === name || plain === '') return true
    return this.#addMember(plain, content, dependencies, kind, false)
  }

  #addUserData(section: ElementNode, outer: readonly number[]): boolean {
    const [node] = section.content
    if (section.content.length !== 1 || node?.kind !== 'element') return false
    const { element: wrapper } = node
    const isPlain = wrapper.attributes.every(({ name }) => name === 'xmlns' || name.startsWith('xmlns:'))
    if (!isPlain || wrapper.name === 'Data' || wrapper.content.length === 0) return false
    const dependencies = depend(outer, wrapper)
    if (!this.#addMember('UserData_Name', { text: wrapper.name }, dependencies, STEP.value)) return false
    for (const child of wrapper.content) {
      if (child.kind !== 'element' || child.element.attributes.length > 0) return false
      const { name } = child.element
      const inner = depend(dependencies, child.element)
      if (!this.#addMember(name, readContent(child.element.content), inner, STEP.value)) return false
    }
    return true
  }

  #addMember(
    name: string,
    content: Content,
    dependencies: readonly number[],
    kind: typeof STEP.value | typeof STEP.valueOrEmpty,
    isInMessage = true,
  ): boolean {
    if (content === 'complex') return false
    const role = roleOf(name, isInMessage)
    const label = role === ROLE.data ? makeLabel(name) : NO_BYTES
    // Also of an element that is never written: in the tree a second one of the name gets a number.
    if (!this.#claim(name)) return false
    if (content === 'empty' && kind === STEP.value) return true
    const head = encodeName(name)
    const common = { role, label, dependencies }
    if (content !== 'empty' && 'slot' in content) this.#add({ kind, head, slot: content.slot, ...common })
    else {
      const text = content === 'empty' ? '' : content.text
      if (text === '' && kind === STEP.value) return true
      const isId = name === 'EventID' && /^\d{1,10}$/.test(text)
      const value = Buffer.from(isId ? String(Number(text)) : JSON.stringify(text))
      const whole = Buffer.concat([head, value])
      this.#add({ kind: STEP.constant, head: whole, valueAt: head.length, ...common })
    }
    return true
  }

  #claim(name: string): boolean {
    if (RESERVED.test(name) || this.names.has(name) || this.names.has(UNNAMED)) return false
    this.names.add(name)
    return true
  }

  #add(step: Partial<Step> & Pick<Step, 'kind' | 'dependencies'>): void {
    this.steps.push({
      kind: step.kind,
      role: step.role ?? ROLE.none,
      head: step.head ?? NO_BYTES,
      slot: step.slot ?? -1,
      otherSlot: step.otherSlot ?? -1,
      constantId: step.constantId ?? 0,
      valueAt: step.valueAt ?? 0,
      label: step.label ?? NO_BYTES,
      dependencies: step.dependencies,
      items: step.items ?? [],
    })
  }
}

/** Stands in a plan's names for those of data without a name. */
const UNNAMED = 'param'
const NO_BYTES = new Uint8Array(0)

function depend(outer: readonly number[], { dependency }: ElementNode): readonly number[] {
  return dependency < 0 ? outer : [...outer, dependency]
}

function readContent(nodes: readonly Node[]): Content {
  if (nodes.length === 0) return 'empty'
  const [node] = nodes
  if (nodes.length > 1 || node === undefined) return 'complex'
  if (node.kind === 'text') return { text: node.text }
  return node.kind === 'slot' ? { slot: node.index } : 'complex'
}

function roleOf(name: string, isInMessage: boolean): Step['role'] {
  if (name === 'EventID') return ROLE.id
  if (name === 'Provider_Name') return ROLE.provider
  if (name === 'TimeCreated_SystemTime') return ROLE.time
  return isInMessage && isMessageName(name) ? ROLE.data : ROLE.none
}
