import type { ContainerEntry, EntryFile } from '../containers/container-entry.ts'
import { SQLITE_FORMATS } from '../detect/sqlite-formats.ts'

/** Names of files that are read together with the file they belong to, which has the name in front of the ending. */
interface Kind {
  readonly ending: RegExp
  /** Letters of both names may be large or small. */
  readonly anyCase: boolean
  /** Formats of what they belong to. */
  readonly ofFormats: ReadonlySet<string>
}

const KINDS: readonly Kind[] = [
  // sqlite.org, "Temporary Files Used By SQLite"
  {
    ending: /-(?:wal|shm|journal)$/,
    anyCase: false,
    ofFormats: new Set(SQLITE_FORMATS.map(({ name }) => name)),
  },
  // Maxim Suhanov, "Windows registry file format specification", multiple transaction log files
  { ending: /\.log[12]?$/i, anyCase: true, ofFormats: new Set(['registry']) },
]

/** The files of one container by their names, and which of them belong to others. */
export class Belongings {
  readonly #names = new Set<string>()
  /** By a name in small letters, the first file that has it in others. */
  readonly #folded = new Map<string, string>()
  /** How those that may belong to others are opened later, where they can be. */
  readonly #reopeners = new Map<string, NonNullable<EntryFile['reopen']>>()
  /** Formats of the files that were read. */
  readonly #formats = new Map<string, string>()

  get names(): Iterable<string> {
    return this.#names
  }

  /** Takes note of a file. */
  note({ name, reopen, filePath }: Pick<EntryFile, 'name' | 'reopen' | 'filePath'>): void {
    const isFirst = !this.#names.has(name)
    this.#names.add(name)
    // A file of a folder is closed when the next one comes, and found by its path.
    const isOpen = reopen !== undefined && filePath === undefined
    if (isOpen && isFirst && KINDS.some(({ ending }) => ending.test(name))) this.#reopeners.set(name, reopen)
    const folded = name.toLowerCase()
    if (folded !== name && !this.#folded.has(folded)) this.#folded.set(folded, name)
  }

  /** Passes entries on and takes note of the files among them. */
  async *noteAll(entries: AsyncIterable<ContainerEntry>): AsyncGenerator<ContainerEntry> {
    for await (const entry of entries) {
      if (entry.kind === 'file') this.note(entry)
      yield entry
    }
  }

  /** Takes note that a file was read. */
  noteRead(name: string, format: string): void {
    this.#formats.set(name, format)
  }

  /** The file that has a name, where there is one. */
  find(name: string, { anyCase = false }: { readonly anyCase?: boolean } = {}): string | undefined {
    if (this.#names.has(name)) return name
    if (!anyCase) return undefined
    const folded = name.toLowerCase()
    return this.#folded.get(folded) ?? (this.#names.has(folded) ? folded : undefined)
  }

  /** How a file that may belong to another is opened; undefined where that is not known. */
  reopenerOf(name: string): EntryFile['reopen'] {
    return this.#reopeners.get(name)
  }

  /** Whether a file has the name of one that belongs to another that is there. */
  mayBelong(name: string): boolean {
    return KINDS.some((kind) => this.#findOwner(name, kind) !== undefined)
  }

  /** The file that one belongs to, which was read. */
  ownerOf(name: string): string | undefined {
    for (const kind of KINDS) {
      const owner = this.#findOwner(name, kind)
      const format = owner === undefined ? undefined : this.#formats.get(owner)
      if (format !== undefined && kind.ofFormats.has(format)) return owner
    }
    return undefined
  }

  #findOwner(name: string, { ending, anyCase }: Kind): string | undefined {
    const owner = name.replace(ending, '')
    return owner === name ? undefined : this.find(owner, { anyCase })
  }
}
