import type { ZipText } from '@timeskein/ingest'

/** Bytes of one file of rules at most; what is larger is told and not read. */
export const MAX_RULE_FILE_BYTES = 32_000_000

/**
 * The files of rules in a zip archive. What cannot be read is told, and the rest is read, up to what an archive made to fill memory or
 * disks may unpack to; other files are passed over.
 */
export async function* readRuleArchive(path: string): AsyncGenerator<ZipText> {
  // Readers of evidence take a while to load, and few need this.
  const { readZipTexts } = await import('@timeskein/ingest')
  yield* readZipTexts(path, {
    wants: (name) => /\.ya?ml$/i.test(name),
    maxBytes: MAX_RULE_FILE_BYTES,
  })
}
