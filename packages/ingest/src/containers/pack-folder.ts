import { UnpackingMeter } from './archive-limits.ts'
import { readChunks } from './byte-source.ts'
import type { RefusedEntry } from './container-entry.ts'
import { FileSource } from './file-source.ts'
import { walkFolder } from './folder-entries.ts'
import { type TarFile, writeTar } from './tar-writer.ts'

const CHUNK_BYTES = 256 * 1024

/**
 * Packs the files below a folder as a tar archive, to be sent elsewhere.
 *
 * @param onRefused - Told of all that is not packed, by its name below the folder, with the reason.
 */
export function packFolder(
  path: string,
  onRefused: (entry: RefusedEntry) => void,
): AsyncGenerator<Uint8Array> {
  return writeTar(listFiles(path, onRefused))
}

async function* listFiles(path: string, onRefused: (entry: RefusedEntry) => void): AsyncGenerator<TarFile> {
  for await (const found of walkFolder(path, new UnpackingMeter(path))) {
    if (found.kind === 'refused') {
      onRefused(found)
      continue
    }
    const { name, sizeBytes, changedMs, file } = found
    const content = readChunks(new FileSource(file, true, 0), CHUNK_BYTES)
    yield { name, sizeBytes, changedSeconds: changedMs / 1000, content }
  }
}
