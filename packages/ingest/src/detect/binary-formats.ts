import { toBinaryFormat } from '../artefacts/artefact-format.ts'
import { ARTEFACT_FORMATS } from '../artefacts/artefact-formats.ts'
import type { PeekableSource } from '../containers/byte-source.ts'
import { EVTX_FORMAT } from '../evtx/evtx-format.ts'
import { JOURNAL_FORMAT } from '../journal/journal-format.ts'
import { MFT_FORMAT } from '../mft/mft-format.ts'
import type { BinaryFormat } from '../pipeline/evidence-plan.ts'
import { SQLITE_FORMAT } from './sqlite-formats.ts'

/** Formats that are no texts; where several match, the first counts. */
export const BINARY_FORMATS: readonly BinaryFormat[] = [
  EVTX_FORMAT,
  SQLITE_FORMAT,
  JOURNAL_FORMAT,
  MFT_FORMAT,
  ...ARTEFACT_FORMATS.map(toBinaryFormat),
]

const HEAD_BYTES = Math.max(...BINARY_FORMATS.map(({ headBytes }) => headBytes))

/** The format that a file's first bytes are of; undefined when it may be a text. */
export async function findBinaryFormat(source: PeekableSource): Promise<BinaryFormat | undefined> {
  const head = await source.peek(HEAD_BYTES)
  return BINARY_FORMATS.find((format) => format.matches(head.subarray(0, format.headBytes)))
}
