import { Buffer } from 'node:buffer'
import {
  HIVE_CELLS_PER_BYTE,
  HIVE_DATA_PER_BYTE,
  MAX_KEY_VALUES,
  MAX_VALUE_BYTES,
  MIN_HIVE_CELLS,
  MIN_HIVE_DATA_BYTES,
} from '../limits.ts'
import { type HiveKey, readKeyCell } from './key-cell.ts'
import { type HiveValue, readValueCell } from './value-cell.ts'

/*
 * A hive (Maxim Suhanov, "Windows registry file format specification"; libregf, "Windows NT Registry File (REGF) format"): a base block
 * of 4096 bytes, "regf" at 0, sequence numbers at 4 and 8, FILETIME of the last write at 12, version at 20 and 24, type at 28, cell of the root
 * key at 36, bytes of hive bins at 40, name at 48, checksum of the first 508 bytes at 508; then hive bins of cells. A cell is named by its
 * place behind the base block and begins with its size, below zero while it is in use.
 */
export const BASE_BLOCK_BYTES = 4096
const NO_CELL = 0xffffffff

/** Something of a hive that cannot be read; the rest may be. */
export interface HiveDamage {
  /** Where in the file. */
  readonly at: number
  readonly detail: string
  /** It may well be whole: a limit keeps it from being read. */
  readonly isOverLimit?: boolean
}

/** How a hive is read. */
export interface HiveOptions {
  readonly onDamage?: (damage: HiveDamage) => void
  /** Cells that are followed, all in all. @default as many as its size allows */
  readonly maxCells?: number
}

/** What the base block of a hive says. */
export interface HiveHeader {
  readonly version: string
  /** The two counts that differ while changes are in the transaction logs only. */
  readonly sequences: readonly [number, number]
  readonly isChecksumRight: boolean
  /** 0 of a hive itself; its transaction logs begin with the same block and have others. */
  readonly fileType: number
  /** Bytes of hive bins behind the base block. */
  readonly binsBytes: number
  /** Low and high half of the FILETIME of the last write. */
  readonly writtenLow: number
  readonly writtenHigh: number
  readonly rootCell: number
  /** The end of the path that the hive was loaded from. */
  readonly fileName: string
}

/** Reads the base block; undefined when the bytes do not begin with one. */
export function readHiveHeader(bytes: Buffer): HiveHeader | undefined {
  if (bytes.length < 512 || bytes.toString('latin1', 0, 4) !== 'regf') return undefined
  return {
    version: `${bytes.readUInt32LE(20)}.${bytes.readUInt32LE(24)}`,
    sequences: [bytes.readUInt32LE(4), bytes.readUInt32LE(8)],
    isChecksumRight: sumBaseBlock(bytes) === bytes.readUInt32LE(508),
    fileType: bytes.readUInt32LE(28),
    binsBytes: bytes.readUInt32LE(40),
    writtenLow: bytes.readUInt32LE(12),
    writtenHigh: bytes.readUInt32LE(16),
    rootCell: bytes.readUInt32LE(36),
    fileName: bytes.toString('utf16le', 48, 112).replace(/\0[\s\S]*$/, ''),
  }
}

/** The checksum of a base block: its 32-bit words, exclusive or; never 0 nor -1. */
export function sumBaseBlock(bytes: Buffer): number {
  let sum = 0
  for (let at = 0; at < 508; at += 4) sum ^= bytes.readUInt32LE(at)
  if (sum === -1) return 0xfffffffe
  return sum === 0 ? 1 : sum >>> 0
}

/** The keys and values of a hive, read as they are asked for. What is damaged is told and passed over. */
export class Hive {
  readonly header: HiveHeader
  readonly #bytes: Buffer
  readonly #onDamage: (damage: HiveDamage) => void
  readonly #maxCells: number
  readonly #maxDataBytes: number
  #cellsRead = 0
  #dataBytesRead = 0

  /**
   * @param bytes - The whole file, or as much as there is of it.
   * @param header - As `readHiveHeader` found it in them.
   */
  constructor(bytes: Buffer, header: HiveHeader, { onDamage = () => {}, maxCells }: HiveOptions = {}) {
    this.#bytes = bytes
    this.header = header
    this.#onDamage = onDamage
    this.#maxCells = maxCells ?? Math.max(MIN_HIVE_CELLS, Math.floor(bytes.length * HIVE_CELLS_PER_BYTE))
    this.#maxDataBytes = Math.max(MIN_HIVE_DATA_BYTES, bytes.length * HIVE_DATA_PER_BYTE)
  }

  /** Whether a limit on the whole hive is reached, which is told once: nothing more is found in it. */
  get isSpent(): boolean {
    return this.#cellsRead > this.#maxCells || this.#dataBytesRead > this.#maxDataBytes
  }

  /** The root key; undefined when it is damaged. */
  get root(): HiveKey | undefined {
    return this.#readKey(this.header.rootCell)
  }

  /** The keys below a key, in the order of its list: as many as the key says. */
  *listKeys(key: HiveKey): Generator<HiveKey> {
    if (key.subkeyCount === 0) return
    let found = 0
    for (const cell of this.#walkKeyList(key.subkeysCell, key, new Set())) {
      if (found === key.subkeyCount) {
        const detail = `expected ${key.subkeyCount} keys below "${key.name}", found more in their list; these are not read`
        this.#onDamage({ at: this.#placeOf(key.cell), detail })
        return
      }
      const child = this.#readKey(cell)
      if (this.isSpent) return
      if (!child) continue
      found++
      yield child
    }
    if (found < key.subkeyCount && !this.isSpent) {
      const detail = `expected ${key.subkeyCount} keys below "${key.name}", found ${found} that can be read`
      this.#onDamage({ at: this.#placeOf(key.cell), detail })
    }
  }

  /** The values of a key, without their data. */
  *listValues(key: HiveKey): Generator<HiveValue> {
    if (key.valueCount === 0) return
    const list = this.#takeCell(key.valuesCell, `the list of values of "${key.name}"`)
    if (!list) return
    const count = Math.min(key.valueCount, MAX_KEY_VALUES, Math.floor(list.length / 4))
    if (count < key.valueCount) {
      const limit = key.valueCount > MAX_KEY_VALUES ? ' (MAX_KEY_VALUES)' : ''
      const detail = `expected ${key.valueCount} values of "${key.name}", read ${count}${limit}`
      this.#onDamage({ at: this.#placeOf(key.valuesCell), detail })
    }
    for (let i = 0; i < count; i++) {
      const cell = list.readUInt32LE(i * 4)
      const bytes = this.#takeCell(cell, `a value of "${key.name}"`)
      if (this.isSpent) return
      const value = bytes && readValueCell(bytes)
      if (value && !this.#spendData(value.name.length, cell, `a value of "${key.name}"`)) return
      if (value) yield value
      else if (bytes) this.#onDamage({ at: this.#placeOf(cell), detail: `a value of "${key.name}" is none` })
    }
  }

  /** The data of a value; undefined when they cannot be read, which is told. */
  readData({ name, sizeBytes, inline, dataCell }: HiveValue): Buffer | undefined {
    if (inline) return inline
    if (sizeBytes === 0) return this.#bytes.subarray(0, 0)
    const what = `the data of the value "${name}"`
    if (sizeBytes > MAX_VALUE_BYTES) {
      const detail = `expected at most ${MAX_VALUE_BYTES} bytes in ${what} (MAX_VALUE_BYTES), found ${sizeBytes}`
      this.#onDamage({ at: this.#placeOf(dataCell), detail })
      return undefined
    }
    const cell = this.#takeCell(dataCell, what)
    if (!cell) return undefined
    const isWhole = cell.length >= sizeBytes
    const isJoined = !isWhole && cell.toString('latin1', 0, 2) === 'db'
    if ((isWhole || isJoined) && !this.#spendData(sizeBytes, dataCell, what)) return undefined
    if (isWhole) return cell.subarray(0, sizeBytes)
    const data = isJoined ? this.#joinSegments(cell, sizeBytes) : undefined
    if (!data && !this.isSpent) {
      const detail = `expected ${sizeBytes} bytes of ${what}, found ${cell.length}`
      this.#onDamage({ at: this.#placeOf(dataCell), detail })
    }
    return data
  }

  /** Tells of something of a key that a limit keeps from being read. */
  passOver(key: HiveKey, detail: string): void {
    this.#onDamage({ at: this.#placeOf(key.cell), detail, isOverLimit: true })
  }

  /** The key at a path of names below a key; names are compared without regard to case. */
  findKey(from: HiveKey, ...names: readonly string[]): HiveKey | undefined {
    let key: HiveKey | undefined = from
    for (const name of names) {
      const wanted = name.toUpperCase()
      key = key && this.listKeys(key).find((child) => child.name.toUpperCase() === wanted)
    }
    return key
  }

  /** The value of that name of a key; the empty name is the key's own value. */
  findValue(key: HiveKey, name: string): HiveValue | undefined {
    const wanted = name.toUpperCase()
    return this.listValues(key).find((value) => value.name.toUpperCase() === wanted)
  }

  #readKey(cell: number): HiveKey | undefined {
    const bytes = this.#takeCell(cell, 'a key')
    if (!bytes) return undefined
    const key = readKeyCell(bytes, cell)
    if (!key)
      this.#onDamage({ at: this.#placeOf(cell), detail: 'expected a key ("nk"), found something else' })
    return key && this.#spendData(key.name.length, cell, 'a key') ? key : undefined
  }

  /**
   * Lists `lf`, `lh` and `li` name keys, `ri` names lists.
   *
   * @param lists - Cells of the lists that were walked; each is walked once.
   */
  *#walkKeyList(cell: number, key: HiveKey, lists: Set<number>): Generator<number> {
    const isFirst = lists.size === 0
    if (lists.has(cell)) {
      const detail = `a list of the keys below "${key.name}" is named more than once`
      this.#onDamage({ at: this.#placeOf(cell), detail })
      return
    }
    lists.add(cell)
    const list = this.#takeCell(cell, `the list of keys below "${key.name}"`)
    if (!list || list.length < 4) return
    const kind = list.toString('latin1', 0, 2)
    const width = kind === 'lf' || kind === 'lh' ? 8 : kind === 'li' || (kind === 'ri' && isFirst) ? 4 : 0
    if (width === 0) {
      const detail = `expected a list of the keys below "${key.name}", found "${kind}"`
      this.#onDamage({ at: this.#placeOf(cell), detail })
      return
    }
    const count = Math.min(list.readUInt16LE(2), Math.floor((list.length - 4) / width))
    for (let i = 0; i < count && !this.isSpent; i++) {
      const member = list.readUInt32LE(4 + i * width)
      if (kind === 'ri') yield* this.#walkKeyList(member, key, lists)
      else yield member
    }
  }

  /** Data of more than 16,344 bytes: a list of cells, each with so many, and four bytes more that are not theirs. */
  #joinSegments(head: Buffer, sizeBytes: number): Buffer | undefined {
    if (head.length < 8) return undefined
    const count = head.readUInt16LE(2)
    const list = this.#takeCell(head.readUInt32LE(4), 'the list of the parts of a value')
    if (!list || list.length < count * 4 || count * SEGMENT_BYTES < sizeBytes) return undefined
    const data = Buffer.alloc(sizeBytes)
    let used = 0
    for (let i = 0; i < count && used < sizeBytes; i++) {
      const part = this.#takeCell(list.readUInt32LE(i * 4), 'a part of a value')
      if (!part) return undefined
      used += part.copy(data, used, 0, Math.min(SEGMENT_BYTES, part.length, sizeBytes - used))
    }
    return used === sizeBytes ? data : undefined
  }

  /** The content of a cell, behind its size. */
  #takeCell(cell: number, what: string): Buffer | undefined {
    if (this.isSpent) return undefined
    const at = this.#placeOf(cell)
    this.#cellsRead++
    if (this.isSpent) {
      this.#tellSpent(at, what, `cells were followed ${this.#maxCells} times (HIVE_CELLS_PER_BYTE)`)
      return undefined
    }
    if (cell === NO_CELL || at + 4 > this.#bytes.length) {
      this.#onDamage({
        at: Math.min(at, this.#bytes.length),
        detail: `${what} lies behind the end of the file`,
      })
      return undefined
    }
    const size = Math.abs(this.#bytes.readInt32LE(at))
    if (size < 8 || at + size > this.#bytes.length) {
      this.#onDamage({ at, detail: `${what} is cut off, or its cell's size is wrong: ${size} bytes` })
      return undefined
    }
    return this.#bytes.subarray(at + 4, at + size)
  }

  /** @returns False when it is more than a hive of this size has. */
  #spendData(sizeBytes: number, cell: number, what: string): boolean {
    if (this.isSpent) return false
    this.#dataBytesRead += sizeBytes
    if (!this.isSpent) return true
    const found = `names and values of ${this.#maxDataBytes} bytes were read (HIVE_DATA_PER_BYTE)`
    this.#tellSpent(this.#placeOf(cell), what, found)
    return false
  }

  #tellSpent(at: number, what: string, found: string): void {
    const detail = `${what}, and all that was not yet read, is not read: ${found}, more than a hive of ${this.#bytes.length} bytes has use for`
    this.#onDamage({ at, detail, isOverLimit: true })
  }

  #placeOf(cell: number): number {
    return BASE_BLOCK_BYTES + cell
  }
}

const SEGMENT_BYTES = 16_344
