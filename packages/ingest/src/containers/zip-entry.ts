import type { UnpackingMeter } from './archive-limits.ts'
import type { ByteSource } from './byte-source.ts'
import { CheckedSource } from './checked-source.ts'
import { type ContainerEntry, findNameProblem, type OpenedContent } from './container-entry.ts'
import { UnpackedSource } from './unpacked-source.ts'

const STORED = 0
/** Method of deflated entries (PKWARE APPNOTE 4.4.5). */
export const DEFLATED = 8
/** An empty content, deflated: one block without codes. */
const EMPTY_DEFLATED_BYTES = 2

/** Why an entry is not read; undefined when it is. */
export function findZipRefusal(isEncrypted: boolean, name: string, method: number): string | undefined {
  if (isEncrypted) return 'it is encrypted'
  const problem = findNameProblem(name)
  if (problem) return problem
  if (method !== STORED && method !== DEFLATED) {
    return `it is packed by method ${method}; expected stored (0) or deflated (8)`
  }
  return undefined
}

/** Whether packed bytes hold nothing: by their number, since the size written beside them may be any. */
export function isEmptyContent(packedSize: number, method: number): boolean {
  return packedSize <= (method === DEFLATED ? EMPTY_DEFLATED_BYTES : 0)
}

/** What a zip archive says of one of its entries. */
export interface ZipEntryFacts {
  readonly name: string
  readonly method: number
  /** CRC-32 of its content. */
  readonly checksum: number
  /** Of its content, as the archive says; left out where it does not. */
  readonly sizeBytes?: number | undefined
  readonly changedUs?: number | undefined
  readonly packedBytes: number
  /** Its packed bytes, from the first, as often as asked. */
  readonly openPacked: () => ByteSource
}

/** Yields the entry; when the next one is asked for, its unpacker is freed. */
export function* openZipEntry(facts: ZipEntryFacts, meter: UnpackingMeter): Generator<ContainerEntry> {
  const reopen = (again: UnpackingMeter): OpenedContent => openContent(facts, again)
  const opened = reopen(meter)
  try {
    const { name, sizeBytes, changedUs } = facts
    yield { kind: 'file', name, source: opened.source, sizeBytes, changedUs, reopen }
  } finally {
    opened.close()
  }
}

function openContent(
  { method, checksum, packedBytes, openPacked }: ZipEntryFacts,
  meter: UnpackingMeter,
): OpenedContent {
  if (method !== DEFLATED) return { source: new CheckedSource(openPacked(), checksum), close() {} }
  const unpacked = new UnpackedSource(openPacked(), 'deflate', meter, packedBytes)
  return { source: new CheckedSource(unpacked, checksum), close: () => unpacked.close() }
}
