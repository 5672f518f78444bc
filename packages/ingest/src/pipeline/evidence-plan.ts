import type { Reject } from '@timeskein/model'
import type { ByteSource, PeekableSource } from '../containers/byte-source.ts'
import { openFileBeside } from '../containers/open-input.ts'
import type { Mapping } from '../schemas/mapping.ts'
import type { ReadOptions } from './read-options.ts'
import type { StretchJob, StretchNote, StretchSettings } from './stretch.ts'

/** A piece of a file: whole rows, or the note of one that is lost as a whole. */
export type EvidencePiece =
  | ({ readonly kind: 'stretch' } & Pick<StretchJob, 'bytes' | 'startLine' | 'place' | 'carried' | 'isLast'>)
  | { readonly kind: 'reject'; readonly reject: Reject }

/** How one file is going to be read, whatever its format. */
export interface EvidencePlan {
  /** As in the account: `csv/hayabusa`, `evtx`. */
  readonly format: string
  /** Sentences that say what was recognised and why. */
  readonly reasons: readonly string[]
  readonly mapping: Mapping
  readonly settings: StretchSettings
  /** The file in pieces that can be read by themselves, in any thread. */
  readonly pieces: AsyncGenerator<EvidencePiece>
  /** Where the pieces come from: it knows whether the file was cut. */
  readonly source: ByteSource
  /** Rows are counted by lines: the last piece's says where a file was cut. */
  readonly hasLines: boolean
  /** Says in sentences what is worth knowing of rows that were taken. */
  describeNotes(notes: readonly StretchNote[]): readonly string[]
  /** Characters of what was read that could not be decoded from the text's encoding. @default 0 */
  countUndecoded?(): number
  /** Lets go of what the plan holds beside its pieces; called once, whether they were read or not. */
  close?(): Promise<void>
}

/** Where a file stands: what a format may want that is not among the file's own bytes. */
export interface EvidencePlace {
  /** The very file, where it is one of the file system and not packed; undefined else. */
  readonly filePath?: string
  /** By which names it stands in the collection that it was found in, whenever that was made, `Users/ana/NTUSER.DAT`; undefined for what was imported by itself. */
  readonly inside?: string
  /** Microseconds since 1970 when the file was last changed, where that is known. */
  readonly changedUs?: number
  /**
   * Opens the file whose name is this one's with something behind it (`-wal`).
   *
   * @param options.anyCase - Letters of both names may be large or small, as Windows takes them. @default false
   * @returns Undefined where there is none.
   */
  openBeside?(
    suffix: string,
    options?: { readonly anyCase?: boolean },
  ): Promise<(ByteSource & AsyncDisposable) | undefined>
}

/** A format that is no text and is told by its first bytes. */
export interface BinaryFormat {
  /** As in the account. */
  readonly name: string
  /** What people call it, and how it is told, for `--list-formats`. */
  readonly title: string
  readonly recognisedBy: string
  /** Bytes of a file that `matches` looks at. */
  readonly headBytes: number
  /** @param head - So many bytes, or all there are. */
  matches(head: Buffer): boolean
  /** @param source - The file from its first byte; `matches` has said yes to it. */
  plan(
    path: string,
    source: PeekableSource,
    options: ReadOptions,
    place: EvidencePlace,
  ): Promise<EvidencePlan>
}

/** Where a file of the file system stands. */
export function placeFile(filePath: string): Pick<EvidencePlace, 'filePath' | 'openBeside'> {
  return { filePath, openBeside: (suffix, options) => openFileBeside(filePath + suffix, options) }
}
