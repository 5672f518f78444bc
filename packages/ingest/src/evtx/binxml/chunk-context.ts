import { Buffer } from 'node:buffer'
import { readU16, readU32, readUtf16, requireBytes, toHex } from '../bytes.ts'
import { CHUNK_HEADER_BYTES } from '../limits.ts'
import { RecordError } from '../record-error.ts'
import { NodeBudget } from './node-budget.ts'
import type { ElementNode } from './nodes.ts'

/** A template of a chunk, parsed. */
export interface Definition {
  /** Where it stands in the chunk. */
  readonly at: number
  readonly root: ElementNode
}

/** Bytes of a name's entry in front of its text, and of the zero behind it. */
const NAME_HEAD_BYTES = 8
const NAME_TAIL_BYTES = 2

/**
 * One chunk while its records are read: its bytes, and what has been found at which offset. Used for one chunk after the
 * other.
 */
export class ChunkContext {
  bytes: Buffer = Buffer.alloc(0)
  readonly budget: NodeBudget = new NodeBudget()
  /** Parsed templates by offset; an error stays with the offset, so that each record that uses it is told the same. */
  readonly definitions: Map<number, Definition | RecordError> = new Map()
  readonly #names = new Map<number, string>()

  start(bytes: Buffer): void {
    this.bytes = bytes
    this.budget.startChunk()
    this.definitions.clear()
    this.#names.clear()
  }

  /**
   * The name that stands at an offset.
   *
   * Format: libyal/libevtx, Windows XML Event Log (EVTX), name: next u32, hash u16, length u16 in units, text, zero u16.
   *
   * @throws {RecordError} When there is none.
   */
  readName(at: number): string {
    const known = this.#names.get(at)
    if (known !== undefined) return known
    if (at < CHUNK_HEADER_BYTES)
      throw new RecordError(
        'bad-record',
        `expected a name behind the chunk's header, found its offset to be ${toHex(at)}`,
      )
    requireBytes(at, NAME_HEAD_BYTES, this.bytes.length, 'a name')
    const end = at + NAME_HEAD_BYTES + readU16(this.bytes, at + 6) * 2
    requireBytes(at, end - at, this.bytes.length, 'a name')
    const name = readUtf16(this.bytes, at + NAME_HEAD_BYTES, end)
    const hash = readU16(this.bytes, at + 4)
    if (hashName(name) !== hash)
      throw new RecordError(
        'bad-record',
        `expected a name with the hash ${toHex(hash)} at ${toHex(at)} of the chunk, found ${JSON.stringify(name.slice(0, 40))}`,
      )
    this.#names.set(at, name)
    return name
  }

  /** Bytes of the name's entry at an offset at which `readName` found one. */
  measureName(at: number): number {
    return NAME_HEAD_BYTES + readU16(this.bytes, at + 6) * 2 + NAME_TAIL_BYTES
  }

  /** First 32 bits of a template's GUID. */
  readTemplateId(at: number): number {
    return readU32(this.bytes, at + 4)
  }
}

function hashName(name: string): number {
  let hash = 0
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 65_599) + name.charCodeAt(i)) | 0
  return hash & 0xffff
}
