import { open } from 'node:fs/promises'
import { ArchiveLimitError, UnpackingMeter } from './archive-limits.ts'
import { readUpTo } from './byte-source.ts'
import { REST_OF_ARCHIVE } from './container-entry.ts'
import { readZipEntries } from './zip-entries.ts'

/** A text of a zip archive, or why a file of it is not one. */
export type ZipText = { readonly name: string } & ({ readonly text: string } | { readonly reason: string })

interface TextChoice {
  /** By name. Files that are not wanted are passed over, but for archives: what is in those is told to be left out. */
  readonly wants: (name: string) => boolean
  /** Of one text, unpacked. */
  readonly maxBytes: number
}

/**
 * Reads texts (UTF-8) out of a zip archive, in the order of its directory. Damaged, encrypted and hostile entries are told, and
 * the rest is read; of an archive that has too many entries, or unpacks to far more than it holds, what comes before the limit is read,
 * and that it ends there is told.
 */
export async function* readZipTexts(path: string, choice: TextChoice): AsyncGenerator<ZipText> {
  try {
    yield* readTexts(path, choice)
  } catch (error) {
    if (!(error instanceof ArchiveLimitError)) throw error
    yield { name: REST_OF_ARCHIVE, reason: error.message }
  }
}

async function* readTexts(path: string, { wants, maxBytes }: TextChoice): AsyncGenerator<ZipText> {
  await using file = await open(path)
  const meter = new UnpackingMeter(path)
  meter.addPacked((await file.stat()).size)
  for await (const entry of readZipEntries(file, path, meter)) {
    const { name } = entry
    if (/\.(?:zip|tar|gz|tgz|7z|rar)$/i.test(name)) {
      yield { name, reason: 'files expected, found an archive inside of the archive; unpack it first' }
      continue
    }
    if (entry.kind === 'refused') {
      if (wants(name) || !name.includes('.')) yield { name, reason: entry.reason }
      continue
    }
    if (!wants(name)) continue
    const bytes = await readUpTo(entry.source, maxBytes + 1)
    const damage = entry.source.truncation
    if (bytes.length > maxBytes) yield { name, reason: `at most ${maxBytes} bytes expected, found more` }
    else if (damage !== undefined) yield { name, reason: damage }
    else yield { name, ...decodeText(bytes) }
  }
}

function decodeText(bytes: Uint8Array): { readonly text: string } | { readonly reason: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    // Says nothing but that it is no UTF-8.
    return { reason: 'UTF-8 expected, found other bytes' }
  }
}
