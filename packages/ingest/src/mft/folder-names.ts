import type { Buffer } from 'node:buffer'
import { MAX_FOLDERS, MAX_PATH_DEPTH, MAX_PATH_LENGTH } from './limits.ts'
import {
  DOS_NAMESPACE,
  FILE_NAME,
  fixEntry,
  hasWholeName,
  readEntryHeader,
  readName,
  walkAttributes,
} from './mft-entry.ts'

/** Number of the root folder's entry. */
const ROOT = 5

interface Folder {
  readonly sequence: number
  readonly isUsed: boolean
  readonly parent: number
  readonly parentSequence: number
  readonly name: string
}

/** Names of the folders of a volume, to make paths of. */
export class FolderNames {
  readonly #folders = new Map<number, Folder>()
  #leftOut = 0

  /** Entries of folders whose names were not kept, since there are `MAX_FOLDERS` of others: what is in them has no path. */
  get leftOut(): number {
    return this.#leftOut
  }

  /**
   * Notes an entry if it is a folder.
   *
   * @param bytes - A copy that may be changed.
   */
  add(bytes: Buffer, entryNumber: number): void {
    if ((bytes.readUInt16LE(22) & 2) === 0 || fixEntry(bytes) !== 'entry') return
    const header = readEntryHeader(bytes)
    for (const attribute of walkAttributes(bytes, header)) {
      if (attribute.type !== FILE_NAME || !hasWholeName(bytes, attribute)) continue
      const { dataAt } = attribute
      const number = header.baseEntry === 0 ? entryNumber : header.baseEntry
      const isShort = bytes[dataAt + 65] === DOS_NAMESPACE
      if (isShort && this.#folders.has(number)) continue
      if (this.#folders.size >= MAX_FOLDERS && !this.#folders.has(number)) {
        this.#leftOut++
        return
      }
      this.#folders.set(number, {
        sequence: header.sequence,
        isUsed: header.isUsed,
        parent: bytes.readUIntLE(dataAt, 6),
        parentSequence: bytes.readUInt16LE(dataAt + 6),
        name: readName(bytes, dataAt),
      })
      if (!isShort) return
    }
  }

  /**
   * The path of a folder, with a backslash at its beginning and its end: `\Windows\System32\`.
   *
   * @param sequence - As the reference to it says; of a folder that was deleted and whose entry serves another since, nothing is known.
   */
  pathOf(entryNumber: number, sequence: number): string {
    const names: string[] = []
    let number = entryNumber
    let wanted = sequence
    for (let depth = 0, length = 0; number !== ROOT; depth++) {
      const folder = this.#folders.get(number)
      // A deleted folder's own number is one higher than in the references to it.
      const isSame =
        folder && (folder.sequence === wanted || (!folder.isUsed && folder.sequence === wanted + 1))
      if (!isSame || depth >= MAX_PATH_DEPTH || length > MAX_PATH_LENGTH) {
        names.push('$Orphan')
        break
      }
      names.push(folder.name)
      length += folder.name.length
      if (folder.parent === number) break
      number = folder.parent
      wanted = folder.parentSequence
    }
    return names.length === 0 ? '\\' : `\\${names.toReversed().join('\\')}\\`
  }
}
