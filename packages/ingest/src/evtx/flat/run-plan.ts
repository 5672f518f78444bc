import type { ChunkContext } from '../binxml/chunk-context.ts'
import type { ValueDecoder } from '../binxml/decode-value.ts'
import { findDefinition } from '../binxml/find-definition.ts'
import type { ElementNode } from '../binxml/nodes.ts'
import {
  type InstanceSpan,
  makeValueTable,
  readInstanceInto,
  type ValueTable,
} from '../binxml/template-instance.ts'
import { ARRAY_BIT, FIXED_SIZES, VALUE } from '../binxml/value-types.ts'
import { readU16, readU32 } from '../bytes.ts'
import { encodeName, type JsonText } from './json-text.ts'
import { type MessageBuilder, makeLabel } from './message.ts'
import { planRecord, type RecordPlan, ROLE, STEP, type Step } from './record-plan.ts'
import { signTemplate } from './template-signature.ts'

/** Tokens in front of an instance where a fragment header stands: 0f 01 01 00. */
const FRAGMENT_HEADER = 0x0001010f
const INSTANCE_TOKEN = 0x0c
const QUOTE = 0x22
const UNNAMED_HEAD = encodeName('Data')
/** Values without a name whose member names are kept ready. */
const KEPT_NAMES = 64
const PARAM_NAMES = Array.from({ length: KEPT_NAMES }, (_, i) => encodeName(`param${i + 1}`))
const NO_LABEL = makeLabel('param1')

/** Plans that are kept from chunk to chunk, those of about as many templates; then the keeping begins anew. */
const MAX_KEPT_PLANS = 500

/** When the record was made, as its own System says. */
export interface RecordClock {
  low: number
  high: number
}

/**
 * Writes records by the plans of their templates, straight from the chunk into JSON. What a plan does not know (nested elements,
 * arrays, mixed content) it leaves to the tree.
 */
export class PlanRunner {
  readonly #decoder: ValueDecoder
  readonly #text: JsonText
  readonly #message: MessageBuilder
  /** By the template's offset in the chunk. */
  readonly #plans = new Map<number, RecordPlan | undefined>()
  /** By what the template says: most templates come again in every chunk. */
  readonly #kept = new Map<string, RecordPlan>()
  readonly #outer: ValueTable = makeValueTable(64)
  readonly #inner: ValueTable = makeValueTable(64)
  readonly #outerSpan: InstanceSpan = { definitionAt: 0, end: 0 }
  readonly #innerSpan: InstanceSpan = { definitionAt: 0, end: 0 }
  /** SystemTime of the last record; both zero where it has none. */
  readonly clock: RecordClock = { low: 0, high: 0 }

  constructor(decoder: ValueDecoder, text: JsonText, message: MessageBuilder) {
    this.#decoder = decoder
    this.#text = text
    this.#message = message
  }

  /** Forgets where templates are: in the next chunk they are at other places. */
  startChunk(): void {
    this.#plans.clear()
  }

  /**
   * Writes the members of a record.
   *
   * @param start - Of its binary XML in the chunk.
   * @param end - Exclusive.
   * @returns False when it has to be read as a tree; what was written is to be forgotten.
   * @throws {RecordError} When it is damaged.
   */
  write(chunk: ChunkContext, start: number, end: number): boolean {
    this.clock.low = 0
    this.clock.high = 0
    const plan = this.#open(chunk, start, end, this.#outer, this.#outerSpan)
    if (plan?.kind !== 'event') return false
    return this.#run(chunk, plan, this.#outer, plan)
  }

  /** Reads an instance that is all of a range; undefined where more stands there, or there is no plan for its template. */
  #open(
    chunk: ChunkContext,
    start: number,
    end: number,
    values: ValueTable,
    span: InstanceSpan,
  ): RecordPlan | undefined {
    const { bytes } = chunk
    let at = start
    if (at + 4 <= end && readU32(bytes, at) === FRAGMENT_HEADER) at += 4
    if (at >= end || bytes[at] !== INSTANCE_TOKEN) return undefined
    readInstanceInto(chunk, at + 1, end, values, span)
    if (span.end < end && bytes[span.end] !== 0) return undefined
    return this.#findPlan(chunk, span.definitionAt)
  }

  #findPlan(chunk: ChunkContext, definitionAt: number): RecordPlan | undefined {
    const known = this.#plans.get(definitionAt)
    if (known !== undefined || this.#plans.has(definitionAt)) return known
    const plan = this.#planTemplate(findDefinition(chunk, definitionAt).root)
    this.#plans.set(definitionAt, plan)
    return plan
  }

  /** The plan of a template; that of an equal one in an earlier chunk. */
  #planTemplate(root: ElementNode): RecordPlan | undefined {
    const signature = signTemplate(root)
    if (signature === undefined) return planRecord(root)
    const known = this.#kept.get(signature)
    if (known !== undefined) return known
    const plan = planRecord(root)
    if (plan === undefined) return undefined
    if (this.#kept.size >= MAX_KEPT_PLANS) this.#kept.clear()
    this.#kept.set(signature, plan)
    return plan
  }

  #run(chunk: ChunkContext, plan: RecordPlan, values: ValueTable, outer: RecordPlan): boolean {
    const { steps } = plan
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i]!
      const { dependencies } = step
      if (dependencies.length > 0 && isLeftOut(dependencies, values)) continue
      if (!this.#runStep(chunk, step, values, outer)) return false
    }
    return true
  }

  #runStep(chunk: ChunkContext, step: Step, values: ValueTable, outer: RecordPlan): boolean {
    const text = this.#text
    switch (step.kind) {
      case STEP.constant: {
        const start = text.at + step.valueAt
        text.addBytes(step.head)
        this.#note(step, start)
        return true
      }
      case STEP.value:
      case STEP.valueOrEmpty:
        return this.#writeValue(chunk, step, values)
      case STEP.fragment:
        return this.#runFragment(chunk, step.slot, values, outer)
      case STEP.unnamed:
        return this.#writeUnnamed(chunk, step, values)
      case STEP.messageIdentifier:
        return this.#writeIdentifier(chunk, step, values)
      default:
        return step.kind satisfies never
    }
  }

  #writeValue(chunk: ChunkContext, step: Step, values: ValueTable): boolean {
    const { slot, role } = step
    const text = this.#text
    const before = text.at
    text.addBytes(step.head)
    const start = text.at
    if (slot < values.count) {
      const type = values.types[slot]!
      const at = values.starts[slot]!
      const size = values.sizes[slot]!
      if (type === VALUE.text) {
        text.addUtf16(chunk.bytes, at, at + size)
        // Nothing in front of a NUL is nothing at all.
        if (text.at === start + 2) text.at = start
      } else if (type !== VALUE.null && size > 0) {
        if (type === VALUE.fragment || (type & ARRAY_BIT) !== 0) return false
        if (role === ROLE.time) this.#readClock(chunk, type, at)
        this.#addScalar(chunk, type, at, size)
      }
    }
    if (text.at === start) {
      if (step.kind === STEP.valueOrEmpty) text.addPlain('""')
      else text.at = before
      return role !== ROLE.id
    }
    // Forwarded events have it as a text, which the tree makes a number.
    if (role === ROLE.id && text.bytes[start] === QUOTE) return false
    this.#note(step, start)
    return true
  }

  #addScalar(chunk: ChunkContext, type: number, at: number, size: number): void {
    const { bytes } = chunk
    const text = this.#text
    if (type === VALUE.sid || size === FIXED_SIZES[type]) {
      if (text.addDigits(type, bytes, at, size)) return
      if (type === VALUE.u32) {
        text.addInteger(readU32(bytes, at))
        return
      }
      if (type === VALUE.u16) {
        text.addInteger(readU16(bytes, at))
        return
      }
      if (type === VALUE.u8) {
        text.addInteger(bytes[at]!)
        return
      }
      if (type === VALUE.fileTime) {
        text.addPlain(`"${this.#decoder.writeFileTime(readU32(bytes, at), readU32(bytes, at + 4))}"`)
        return
      }
    }
    const value = this.#decoder.decodeScalar(bytes, type, at, size)
    if (value !== undefined) text.addScalar(value)
  }

  #readClock(chunk: ChunkContext, type: number, at: number): void {
    if (type !== VALUE.fileTime) return
    this.clock.low = readU32(chunk.bytes, at)
    this.clock.high = readU32(chunk.bytes, at + 4)
  }

  #runFragment(chunk: ChunkContext, slot: number, values: ValueTable, outer: RecordPlan): boolean {
    if (slot >= values.count) return true
    const size = values.sizes[slot]!
    const type = values.types[slot]!
    if (type === VALUE.null || size === 0) return true
    // A value that is no XML would be text in Event, which has no name.
    if (type !== VALUE.fragment || values !== this.#outer) return false
    const start = values.starts[slot]!
    const plan = this.#open(chunk, start, start + size, this.#inner, this.#innerSpan)
    if (plan?.kind !== 'section') return false
    if (plan.comparedWith !== outer) {
      plan.comparedWith = outer
      plan.isDistinct = plan.names.isDisjointFrom(outer.names)
    }
    return plan.isDistinct && this.#run(chunk, plan, this.#inner, outer)
  }

  /** `"Data":["a","b"],"param1":"a","param2":"b"`. */
  #writeUnnamed(chunk: ChunkContext, step: Step, values: ValueTable): boolean {
    const text = this.#text
    const before = text.at
    text.addBytes(UNNAMED_HEAD)
    const ends: number[] = []
    const first = text.at
    for (const { slot, text: literal, dependencies } of step.items) {
      if (isLeftOut(dependencies, values)) continue
      if (slot < 0) this.#addItem(ends, literal)
      else if (slot >= values.count) this.#addItem(ends, '')
      else {
        const type = values.types[slot]!
        const value = this.#decoder.decode(chunk.bytes, type, values.starts[slot]!, values.sizes[slot]!)
        if (type === VALUE.fragment) return false
        if (!Array.isArray(value)) this.#addItem(ends, (value as string | undefined) ?? '')
        else if (value.length === 1) this.#addItem(ends, String(value[0]))
        else for (const item of value) this.#addItem(ends, item)
      }
    }
    if (ends.length === 0) {
      text.at = before
      return true
    }
    text.addPlain(']')
    let start = first + 1
    for (const [i, end] of ends.entries()) {
      text.addBytes(PARAM_NAMES[i] ?? encodeName(`param${i + 1}`))
      const valueAt = text.at
      text.repeat(start, end)
      this.#message.noteMember(NO_LABEL, valueAt, text.at)
      start = end + 1
    }
    return true
  }

  #addItem(ends: number[], value: string | number | bigint | boolean): void {
    this.#text.addPlain(ends.length === 0 ? '[' : ',')
    this.#text.addScalar(value)
    ends.push(this.#text.at)
  }

  #writeIdentifier(chunk: ChunkContext, step: Step, values: ValueTable): boolean {
    const upper = this.#readU16(chunk, step.slot, values)
    const lower = step.otherSlot < 0 ? step.constantId : this.#readU16(chunk, step.otherSlot, values)
    if (!upper) return upper === 0 || this.#isEmpty(step.slot, values)
    if (lower === undefined) return false
    this.#text.addBytes(step.head)
    this.#text.addInteger(upper * 65_536 + lower)
    return true
  }

  /** Undefined when it is no 16-bit number. */
  #readU16(
    chunk: ChunkContext,
    slot: number,
    { types, starts, sizes, count }: ValueTable,
  ): number | undefined {
    if (slot >= count || types[slot] !== VALUE.u16 || sizes[slot] !== 2) return undefined
    return readU16(chunk.bytes, starts[slot]!)
  }

  #isEmpty(slot: number, { types, sizes, count }: ValueTable): boolean {
    return slot >= count || types[slot] === VALUE.null || sizes[slot] === 0
  }

  #note(step: Step, start: number): void {
    const end = this.#text.at
    if (step.role === ROLE.data) this.#message.noteMember(step.label, start, end)
    else if (step.role === ROLE.id) this.#message.noteId(start, end)
    else if (step.role === ROLE.provider) this.#message.noteProvider(start, end)
  }
}

function isLeftOut(dependencies: readonly number[], { types, count }: ValueTable): boolean {
  for (const index of dependencies) if (index < count && types[index] === VALUE.null) return true
  return false
}
