import type { Buffer } from 'node:buffer'

const ORPHAN_PATH = '\\$Orphan\\'

/** Reads references to folders. The names of one file stand in one folder, as often do those of the next. */
export class FolderReferences {
  readonly #paths: ReadonlyMap<string, string>
  #low = 0
  #high = 0
  #last: { readonly reference: string; readonly path: string }

  /** @param paths - By reference. */
  constructor(paths: ReadonlyMap<string, string>) {
    this.#paths = paths
    this.#last = this.#find(0, 0)
  }

  /** The reference of 48 bits of an entry's number and 16 of its sequence, as text, and the folder's path. */
  read(bytes: Buffer, at: number): { readonly reference: string; readonly path: string } {
    const low = bytes.readUInt32LE(at)
    const high = bytes.readUInt32LE(at + 4)
    if (low !== this.#low || high !== this.#high) {
      this.#low = low
      this.#high = high
      this.#last = this.#find(low, high)
    }
    return this.#last
  }

  #find(low: number, high: number): { readonly reference: string; readonly path: string } {
    const reference = `${(high & 0xffff) * 2 ** 32 + low}-${high >>> 16}`
    return { reference, path: this.#paths.get(reference) ?? ORPHAN_PATH }
  }
}
