import { Buffer } from 'node:buffer'

/*
 * A compound file (Microsoft, [MS-CFB] 2): signature at 0, size of sectors as a power of two at 30, of small sectors at 32, number of
 * sectors of the allocation table at 44, first sector of the directory at 48, size from which streams have sectors of their own at 56,
 * first sector of the small allocation table at 60 and their number at 64, first sector of the list of more table sectors at 68, the
 * first 109 table sectors at 76. A directory entry has 128 bytes: name at 0, bytes of the name at 64, type at 66, first sector at 116,
 * size at 120.
 */
const SIGNATURE = 'd0cf11e0a1b11ae1'
const ENTRY_BYTES = 128
const STREAM = 2
const ROOT = 5
const MAX_ENTRIES = 100_000
/** Times that the bytes of a file are read as those of streams; more than once only where streams share sectors. */
const READINGS = 2

/** Whether a compound file begins so. */
export function isCompoundFile(head: Buffer): boolean {
  return head.toString('hex', 0, 8) === SIGNATURE
}

interface DirectoryEntry {
  readonly name: string
  readonly type: number
  readonly sector: number
  readonly sizeBytes: number
}

/** The streams of a compound file, by name. */
export class CompoundFile {
  readonly #bytes: Buffer
  readonly #sectorBytes: number
  readonly #smallSectorBytes: number
  readonly #smallLimit: number
  readonly #table: readonly number[]
  readonly #smallTable: Buffer
  readonly #smallStream: Buffer
  readonly #entries: readonly DirectoryEntry[]
  readonly #streams = new Map<string, DirectoryEntry>()
  #leftBytes: number

  /** @param bytes - The whole file, or as much as there is of it; at least its header of 512 bytes. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#sectorBytes = 1 << Math.min(16, Math.max(7, bytes.readUInt16LE(30)))
    this.#smallSectorBytes = 1 << Math.min(12, Math.max(6, bytes.readUInt16LE(32)))
    this.#smallLimit = bytes.readUInt32LE(56)
    this.#table = this.#readTable()
    this.#entries = this.#readDirectory()
    this.#smallTable = this.#readChain(bytes.readUInt32LE(60), Number.MAX_SAFE_INTEGER)
    const root = this.#entries.find(({ type }) => type === ROOT)
    this.#smallStream = root ? this.#readChain(root.sector, root.sizeBytes) : Buffer.alloc(0)
    for (const entry of this.#entries)
      if (entry.type === STREAM && !this.#streams.has(entry.name)) this.#streams.set(entry.name, entry)
    this.#leftBytes = bytes.length * READINGS
  }

  /** Names of the streams, each once, as they stand in the directory. */
  get names(): readonly string[] {
    return [...this.#streams.keys()]
  }

  /** Whether the streams that were read have twice as many bytes as the file, as only those have that share sectors: no more are read. */
  get isSpent(): boolean {
    return this.#leftBytes < 0
  }

  /** The content of a stream: as much as there is; undefined when there is none of that name, or when the file is spent. */
  read(name: string): { readonly bytes: Buffer; readonly sizeBytes: number } | undefined {
    const entry = this.#streams.get(name)
    if (!entry || this.isSpent) return undefined
    const { sector, sizeBytes } = entry
    const bytes =
      sizeBytes < this.#smallLimit
        ? this.#readSmallChain(sector, sizeBytes)
        : this.#readChain(sector, sizeBytes)
    this.#leftBytes -= bytes.length
    return { bytes, sizeBytes }
  }

  /** The table of the file's sectors: each of its own sectors counts once, and it has no more entries than the file has sectors. */
  #readTable(): readonly number[] {
    const bytes = this.#bytes
    const perSector = this.#sectorBytes / 4
    const sectorCount = Math.ceil(bytes.length / this.#sectorBytes)
    const sectors = new Set<number>()
    const add = (sector: number): void => {
      if (sector < sectorCount) sectors.add(sector)
    }
    for (let i = 0; i < 109; i++) add(bytes.readUInt32LE(76 + i * 4))
    const seen = new Set<number>()
    for (let next = bytes.readUInt32LE(68); next < sectorCount && !seen.has(next); ) {
      seen.add(next)
      const list = this.#readSector(next)
      if (list.length < this.#sectorBytes) break
      for (let i = 0; i < perSector - 1; i++) add(list.readUInt32LE(i * 4))
      next = list.readUInt32LE(this.#sectorBytes - 4)
    }
    const table: number[] = []
    let left = bytes.readUInt32LE(44)
    for (const sector of sectors) {
      if (left-- === 0 || table.length >= sectorCount) break
      const part = this.#readSector(sector)
      for (let at = 0; at + 4 <= part.length && table.length < sectorCount; at += 4)
        table.push(part.readUInt32LE(at))
    }
    return table
  }

  #readDirectory(): readonly DirectoryEntry[] {
    const directory = this.#readChain(this.#bytes.readUInt32LE(48), MAX_ENTRIES * ENTRY_BYTES)
    const entries: DirectoryEntry[] = []
    for (let at = 0; at + ENTRY_BYTES <= directory.length; at += ENTRY_BYTES) {
      const type = directory[at + 66]!
      if (type !== STREAM && type !== ROOT) continue
      const nameBytes = Math.min(64, Math.max(2, directory.readUInt16LE(at + 64)))
      entries.push({
        name: directory.toString('utf16le', at, at + nameBytes - 2),
        type,
        sector: directory.readUInt32LE(at + 116),
        sizeBytes: directory.readUInt32LE(at + 120),
      })
    }
    return entries
  }

  #readSector(sector: number): Buffer {
    const at = (sector + 1) * this.#sectorBytes
    return at < this.#bytes.length ? this.#bytes.subarray(at, at + this.#sectorBytes) : Buffer.alloc(0)
  }

  /** The sectors of a chain one behind the other, up to a size; a chain that is broken or goes round ends there. */
  #readChain(first: number, sizeBytes: number): Buffer {
    const parts: Buffer[] = []
    const seen = new Set<number>()
    let left = sizeBytes
    for (let sector = first; sector < this.#table.length && left > 0 && !seen.has(sector); ) {
      seen.add(sector)
      const part = this.#readSector(sector).subarray(0, left)
      parts.push(part)
      left -= part.length
      sector = this.#table[sector]!
    }
    return Buffer.concat(parts)
  }

  #readSmallChain(first: number, sizeBytes: number): Buffer {
    const parts: Buffer[] = []
    const seen = new Set<number>()
    let left = sizeBytes
    for (let sector = first; sector * 4 + 4 <= this.#smallTable.length && left > 0 && !seen.has(sector); ) {
      seen.add(sector)
      const at = sector * this.#smallSectorBytes
      const part = this.#smallStream.subarray(at, at + Math.min(left, this.#smallSectorBytes))
      parts.push(part)
      left -= part.length
      sector = this.#smallTable.readUInt32LE(sector * 4)
    }
    return Buffer.concat(parts)
  }
}
