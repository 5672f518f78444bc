import { Buffer } from 'node:buffer'
import { crc32 } from 'node:zlib'
import { CHUNK_MAGIC, FILE_MAGIC } from '../chunk/file-header.ts'
import { CHUNK_BYTES, CHUNK_HEADER_BYTES, FILE_HEADER_BYTES } from '../limits.ts'
import type { ValueSpec } from './values.ts'

/** What stands in an element or an attribute: a literal text, or as it says. */
export type PartSpec =
  | string
  | { readonly slot: number; readonly type?: number; readonly isOptional?: boolean }
  | { readonly cdata: string }
  | { readonly character: number }
  | { readonly entity: string }
  | { readonly instruction: string; readonly data: string }

/** An element of a template or of a fragment without one. */
export interface ElementSpec {
  readonly name: string
  /** Index of the value that the element depends on. */
  readonly dependency?: number
  readonly attributes?: readonly (readonly [name: string, ...parts: PartSpec[]])[]
  readonly content?: readonly (PartSpec | ElementSpec)[]
}

/** A template; equal GUIDs are one. */
export interface TemplateSpec {
  /** 32 hex digits, as they are stored. */
  readonly guid: string
  readonly root: ElementSpec
}

/** What a record holds, or a value that is XML. */
export type FragmentSpec =
  | { readonly template: TemplateSpec; readonly values: readonly ValueSpec[] }
  | { readonly elements: readonly ElementSpec[] }

/** A record. */
export interface RecordSpec {
  readonly id: number
  /** FILETIME ticks. */
  readonly written: bigint
  readonly event: FragmentSpec
}

/**
 * Writes event logs, for tests and measurements: what is written down in docs and nothing that Windows does besides.
 *
 * A chunk takes as many records as fit. `finish` gives the chunk with its checksums.
 */
export class ChunkWriter {
  readonly #bytes = Buffer.alloc(CHUNK_BYTES)
  #at = CHUNK_HEADER_BYTES
  #names = new Map<string, number>()
  #templates = new Map<string, number>()
  readonly #ids: number[] = []
  #lastAt = CHUNK_HEADER_BYTES

  /** @returns False when there is no room; nothing of the record is there then. */
  add({ id, written, event }: RecordSpec): boolean {
    const start = this.#at
    const names = new Map(this.#names)
    const templates = new Map(this.#templates)
    try {
      this.#u32(0x2a2a)
      this.#u32(0)
      this.#u64(BigInt(id))
      this.#u64(written)
      this.#fragment(event)
      const sizeBytes = (this.#at + 4 - start + 7) & ~7
      this.#at = start + sizeBytes - 4
      this.#u32(sizeBytes)
      this.#bytes.writeUInt32LE(sizeBytes, start + 4)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.#bytes.fill(0, start)
      this.#at = start
      this.#names = names
      this.#templates = templates
      return false
    }
    this.#ids.push(id)
    this.#lastAt = start
    return true
  }

  finish(): Buffer {
    const bytes = this.#bytes
    bytes.write(CHUNK_MAGIC, 'latin1')
    const first = BigInt(this.#ids[0] ?? 1)
    const last = BigInt(this.#ids.at(-1) ?? 0)
    for (const [i, id] of [first, last, first, last].entries()) bytes.writeBigUInt64LE(id, 8 + i * 8)
    bytes.writeUInt32LE(128, 40)
    bytes.writeUInt32LE(this.#lastAt, 44)
    bytes.writeUInt32LE(this.#at, 48)
    sealChunk(bytes)
    return bytes
  }

  #fragment(spec: FragmentSpec): void {
    this.#raw(0x0f, 1, 1, 0)
    if ('elements' in spec) for (const element of spec.elements) this.#element(element, false)
    else this.#instance(spec.template, spec.values)
    this.#raw(0)
  }

  #instance(template: TemplateSpec, values: readonly ValueSpec[]): void {
    const id = Buffer.from(template.guid, 'hex')
    this.#raw(0x0c, 1)
    this.#u32(id.readUInt32LE(0))
    const known = this.#templates.get(template.guid)
    this.#u32(known ?? this.#at + 4)
    if (known === undefined) {
      this.#templates.set(template.guid, this.#at)
      this.#u32(0)
      this.#raw(...id)
      const sizeAt = this.#at
      this.#u32(0)
      this.#raw(0x0f, 1, 1, 0)
      this.#element(template.root, true)
      this.#raw(0)
      this.#bytes.writeUInt32LE(this.#at - sizeAt - 4, sizeAt)
    }
    this.#u32(values.length)
    const descriptors = this.#at
    this.#raw(...new Uint8Array(values.length * 4))
    for (const [i, value] of values.entries()) {
      const start = this.#at
      if ('fragment' in value) this.#fragment(value.fragment)
      else this.#raw(...value.bytes)
      this.#bytes.writeUInt16LE(this.#at - start, descriptors + i * 4)
      this.#bytes[descriptors + i * 4 + 2] = value.type
    }
  }

  #element(spec: ElementSpec, isDefinition: boolean): void {
    const { name, dependency = 0xffff, attributes = [], content = [] } = spec
    this.#raw(attributes.length > 0 ? 0x41 : 0x01)
    if (isDefinition) this.#u16(dependency)
    const sizeAt = this.#at
    this.#u32(0)
    this.#name(name)
    if (attributes.length > 0) {
      const listAt = this.#at
      this.#u32(0)
      for (const [i, [key, ...parts]] of attributes.entries()) {
        this.#raw(i < attributes.length - 1 ? 0x46 : 0x06)
        this.#name(key)
        for (const part of parts) this.#part(part)
      }
      this.#bytes.writeUInt32LE(this.#at - listAt - 4, listAt)
    }
    if (content.length === 0) this.#raw(0x03)
    else {
      this.#raw(0x02)
      for (const child of content) {
        if (typeof child === 'object' && 'name' in child) this.#element(child, isDefinition)
        else this.#part(child)
      }
      this.#raw(0x04)
    }
    this.#bytes.writeUInt32LE(this.#at - sizeAt - 4, sizeAt)
  }

  #part(part: PartSpec): void {
    if (typeof part === 'string') {
      this.#raw(0x05, 0x01)
      this.#text(part)
    } else if ('slot' in part) {
      this.#raw(part.isOptional ? 0x0e : 0x0d)
      this.#u16(part.slot)
      this.#raw(part.type ?? 0x01)
    } else if ('cdata' in part) {
      this.#raw(0x07)
      this.#text(part.cdata)
    } else if ('character' in part) {
      this.#raw(0x08)
      this.#u16(part.character)
    } else if ('entity' in part) {
      this.#raw(0x09)
      this.#name(part.entity)
    } else {
      this.#raw(0x0a)
      this.#name(part.instruction)
      this.#raw(0x0b)
      this.#text(part.data)
    }
  }

  #name(name: string): void {
    const known = this.#names.get(name)
    this.#u32(known ?? this.#at + 4)
    if (known !== undefined) return
    this.#names.set(name, this.#at)
    let hash = 0
    for (const unit of Array.from({ length: name.length }, (_, i) => name.charCodeAt(i)))
      hash = (Math.imul(hash, 65_599) + unit) | 0
    this.#u32(0)
    this.#u16(hash & 0xffff)
    this.#text(name)
    this.#u16(0)
  }

  #text(text: string): void {
    this.#u16(text.length)
    this.#raw(...Buffer.from(text, 'utf16le'))
  }

  #u16(value: number): void {
    this.#raw(value & 0xff, value >>> 8)
  }

  #u32(value: number): void {
    this.#raw(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24)
  }

  #u64(value: bigint): void {
    this.#u32(Number(value & 0xffff_ffffn))
    this.#u32(Number(value >> 32n))
  }

  #raw(...bytes: number[]): void {
    // Room for the end of the record.
    if (this.#at + bytes.length > CHUNK_BYTES - 16) throw new RangeError('the chunk is full')
    for (const byte of bytes) this.#bytes[this.#at++] = byte
  }
}

/** Writes a chunk's checksums anew, after something in it was changed. */
export function sealChunk(chunk: Buffer): void {
  const end = Math.min(Math.max(chunk.readUInt32LE(48), CHUNK_HEADER_BYTES), chunk.length)
  chunk.writeUInt32LE(crc32(chunk.subarray(CHUNK_HEADER_BYTES, end)), 52)
  const head = crc32(chunk.subarray(0, 120))
  chunk.writeUInt32LE(crc32(chunk.subarray(128, CHUNK_HEADER_BYTES), head), 124)
}

/** Writes the checksum of a file's header anew. */
export function sealHeader(log: Buffer): void {
  log.writeUInt32LE(crc32(log.subarray(0, 120)), 124)
}

/** As many chunks as it takes to hold the records. */
export function makeChunks(records: Iterable<RecordSpec>): Buffer[] {
  const chunks: Buffer[] = []
  let writer = new ChunkWriter()
  let isEmpty = true
  for (const record of records) {
    if (writer.add(record)) {
      isEmpty = false
      continue
    }
    chunks.push(writer.finish())
    writer = new ChunkWriter()
    if (!writer.add(record)) throw new Error(`record ${record.id} does not fit into a chunk`)
  }
  if (!isEmpty || chunks.length === 0) chunks.push(writer.finish())
  return chunks
}

/** A file of these chunks. */
export function makeLog(chunks: readonly Buffer[], isDirty = false): Buffer {
  const header = Buffer.alloc(FILE_HEADER_BYTES)
  header.write(FILE_MAGIC, 'latin1')
  header.writeBigUInt64LE(BigInt(Math.max(0, chunks.length - 1)), 16)
  header.writeUInt32LE(128, 32)
  header.writeUInt16LE(1, 36)
  header.writeUInt16LE(3, 38)
  header.writeUInt16LE(FILE_HEADER_BYTES, 40)
  header.writeUInt16LE(chunks.length & 0xffff, 42)
  header.writeUInt32LE(isDirty ? 1 : 0, 120)
  sealHeader(header)
  return Buffer.concat([header, ...chunks])
}
