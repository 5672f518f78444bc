import { open } from 'node:fs/promises'
import { UnpackingMeter } from './archive-limits.ts'
import { readUpTo } from './byte-source.ts'
import { readZipEntries } from './zip-entries.ts'

/** A text of a zip archive, or why a file of it is not one. */
export type ZipText = { readonly name: string } & ({ readonly text: string } | { readonly reason: string })

/**
 * Reads texts (UTF-8) out of a zip archive, in the order of its directory. Damaged, encrypted and hostile entries are told, and
 * the rest is read.
 *
 * @param wants - By name. Files that are not wanted are passed over, but for archives: what is in those is told to be left out.
 * @param maxBytes - Of one text, unpacked.
 * @throws {ArchiveLimitError} When the archive has too many entries, or unpacks to far more than it holds.
 */
export async function* readZipTexts(
  path: string,
  { wants, maxBytes }: { readonly wants: (name: string) => boolean; readonly maxBytes: number },
): AsyncGenerator<ZipText> {
  await using file = await open(path)
  for await (const entry of readZipEntries(file, path, new UnpackingMeter(path))) {
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
