import { Buffer } from 'node:buffer'
import { BASE_BLOCK_BYTES, sumBaseBlock } from '../hive/hive.ts'

/** A value: a number is REG_DWORD, a text REG_SZ, bytes REG_BINARY, a list of texts REG_MULTI_SZ; or a type of one's own. */
export type TestValue =
  | number
  | string
  | Buffer
  | readonly string[]
  | { readonly type: number; readonly data: Buffer }

/** A key with what is below it. */
export interface TestKey {
  /** FILETIME of its last change. @default 2026-03-01T10:00:00Z */
  readonly written?: bigint
  readonly values?: Readonly<Record<string, TestValue>>
  readonly keys?: Readonly<Record<string, TestKey>>
}

/** FILETIME of 2026-03-01T10:00:00Z. */
export const SAMPLE_TIME = 134_168_328_000_000_000n

const NO_CELL = 0xffffffff
/** Data beyond this many bytes stand in several cells. */
const SEGMENT_BYTES = 16_344

/** Writes a hive (format 1.5) with these keys below its root. For tests. */
export function makeHive(keys: Readonly<Record<string, TestKey>>, root: Omit<TestKey, 'keys'> = {}): Buffer {
  const cells = new CellWriter()
  const rootCell = writeKey(cells, 'ROOT', { ...root, keys }, NO_CELL, true)
  return makeBase(rootCell, cells.finish(), root.written)
}

function makeBase(rootCell: number, bins: Buffer, written = SAMPLE_TIME): Buffer {
  const base = Buffer.alloc(BASE_BLOCK_BYTES)
  base.write('regf', 0, 'latin1')
  base.writeUInt32LE(1, 4)
  base.writeUInt32LE(1, 8)
  base.writeBigUInt64LE(written, 12)
  base.writeUInt32LE(1, 20)
  base.writeUInt32LE(5, 24)
  base.writeUInt32LE(1, 32)
  base.writeUInt32LE(rootCell, 36)
  base.writeUInt32LE(bins.length, 40)
  base.writeUInt32LE(1, 44)
  base.write('\\SystemRoot\\System32\\Config\\TEST', 48, 'utf16le')
  base.writeUInt32LE(sumBaseBlock(base), 508)
  return Buffer.concat([base, bins])
}

/** Puts cells one behind the other into one hive bin. */
class CellWriter {
  readonly #parts: Buffer[] = []
  #at = 32

  /** @returns The cell's place, and its content to be written. */
  add(sizeBytes: number): { readonly cell: number; readonly content: Buffer } {
    const whole = Math.ceil((sizeBytes + 4) / 8) * 8
    const bytes = Buffer.alloc(whole)
    bytes.writeInt32LE(-whole)
    this.#parts.push(bytes)
    const cell = this.#at
    this.#at += whole
    return { cell, content: bytes.subarray(4) }
  }

  finish(): Buffer {
    const sizeBytes = Math.ceil(this.#at / 4096) * 4096
    const bin = Buffer.alloc(sizeBytes)
    bin.write('hbin', 0, 'latin1')
    bin.writeUInt32LE(sizeBytes, 8)
    Buffer.concat(this.#parts).copy(bin, 32)
    if (sizeBytes > this.#at) bin.writeInt32LE(sizeBytes - this.#at, this.#at)
    return bin
  }
}

function writeKey(cells: CellWriter, name: string, key: TestKey, parent: number, isRoot = false): number {
  const isLatin = [...name].every((character) => character.charCodeAt(0) < 256)
  const nameBytes = Buffer.from(name, isLatin ? 'latin1' : 'utf16le')
  const { cell, content } = cells.add(76 + nameBytes.length)
  const children = Object.entries(key.keys ?? {}).toSorted(([a], [b]) =>
    a.toUpperCase() < b.toUpperCase() ? -1 : 1,
  )
  const values = Object.entries(key.values ?? {})
  content.write('nk', 0, 'latin1')
  content.writeUInt16LE((isLatin ? 0x20 : 0) | (isRoot ? 0x2c : 0), 2)
  content.writeBigUInt64LE(key.written ?? SAMPLE_TIME, 4)
  content.writeUInt32LE(parent, 16)
  content.writeUInt32LE(children.length, 20)
  content.writeUInt32LE(NO_CELL, 28)
  content.writeUInt32LE(NO_CELL, 32)
  content.writeUInt32LE(values.length, 36)
  content.writeUInt32LE(NO_CELL, 40)
  content.writeUInt32LE(NO_CELL, 44)
  content.writeUInt32LE(NO_CELL, 48)
  content.writeUInt16LE(nameBytes.length, 72)
  nameBytes.copy(content, 76)
  if (children.length > 0) {
    const list = cells.add(4 + children.length * 8)
    list.content.write('lh', 0, 'latin1')
    list.content.writeUInt16LE(children.length, 2)
    children.forEach(([child, below], i) => {
      list.content.writeUInt32LE(writeKey(cells, child, below, cell), 4 + i * 8)
      list.content.writeUInt32LE(hashName(child), 8 + i * 8)
    })
    content.writeUInt32LE(list.cell, 28)
  }
  if (values.length > 0) {
    const list = cells.add(values.length * 4)
    values.forEach(([valueName, value], i) => {
      list.content.writeUInt32LE(writeValue(cells, valueName, value), i * 4)
    })
    content.writeUInt32LE(list.cell, 40)
  }
  return cell
}

function writeValue(cells: CellWriter, name: string, value: TestValue): number {
  const { type, data } = encodeValue(value)
  const nameBytes = Buffer.from(name, 'latin1')
  const { cell, content } = cells.add(20 + nameBytes.length)
  content.write('vk', 0, 'latin1')
  content.writeUInt16LE(nameBytes.length, 2)
  content.writeUInt32LE(type, 12)
  content.writeUInt16LE(1, 16)
  nameBytes.copy(content, 20)
  if (data.length <= 4) {
    content.writeUInt32LE((0x80000000 | data.length) >>> 0, 4)
    data.copy(content, 8)
    return cell
  }
  content.writeUInt32LE(data.length, 4)
  content.writeUInt32LE(data.length > SEGMENT_BYTES ? writeSegments(cells, data) : writeData(cells, data), 8)
  return cell
}

function writeData(cells: CellWriter, data: Buffer): number {
  const { cell, content } = cells.add(data.length)
  data.copy(content)
  return cell
}

function writeSegments(cells: CellWriter, data: Buffer): number {
  const count = Math.ceil(data.length / SEGMENT_BYTES)
  const list = cells.add(count * 4)
  for (let i = 0; i < count; i++) {
    // Each part has four bytes behind it that are not the value's.
    const part = Buffer.concat([data.subarray(i * SEGMENT_BYTES, (i + 1) * SEGMENT_BYTES), Buffer.alloc(4)])
    list.content.writeUInt32LE(writeData(cells, part), i * 4)
  }
  const { cell, content } = cells.add(8)
  content.write('db', 0, 'latin1')
  content.writeUInt16LE(count, 2)
  content.writeUInt32LE(list.cell, 4)
  return cell
}

function encodeValue(value: TestValue): { type: number; data: Buffer } {
  if (typeof value === 'number') {
    const data = Buffer.alloc(4)
    data.writeUInt32LE(value)
    return { type: 4, data }
  }
  if (typeof value === 'string') return { type: 1, data: Buffer.from(`${value}\0`, 'utf16le') }
  if (Buffer.isBuffer(value)) return { type: 3, data: value }
  if ('type' in value) return value
  return { type: 7, data: Buffer.from(`${value.map((one) => `${one}\0`).join('')}\0`, 'utf16le') }
}

/** The hash of a name in lists of the kind `lh`. */
function hashName(name: string): number {
  let hash = 0
  for (const character of name.toUpperCase()) hash = (Math.imul(hash, 37) + character.charCodeAt(0)) >>> 0
  return hash
}

/**
 * Writes a hive whose root has a list (`ri`) that names one list (`li`) so many times, which names one key so many times; that key has the
 * same list. For tests.
 */
export function makeKnottedHive(names: number): Buffer {
  const cells = new CellWriter()
  const root = cells.add(80)
  const child = cells.add(80)
  const keys = cells.add(4 + names * 4)
  const lists = cells.add(4 + names * 4)
  for (const { content } of [root, child]) {
    content.write('nk', 0, 'latin1')
    content.writeUInt16LE(0x20, 2)
    content.writeUInt32LE(0xffffffff, 20)
    content.writeUInt32LE(lists.cell, 28)
    content.writeUInt16LE(4, 72)
    content.write('knot', 76, 'latin1')
  }
  for (const [list, kind, member] of [
    [keys, 'li', child],
    [lists, 'ri', keys],
  ] as const) {
    list.content.write(kind, 0, 'latin1')
    list.content.writeUInt16LE(names, 2)
    for (let i = 0; i < names; i++) list.content.writeUInt32LE(member.cell, 4 + i * 4)
  }
  return makeBase(root.cell, cells.finish())
}
