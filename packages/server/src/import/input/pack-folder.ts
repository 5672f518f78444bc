import type { RefusedEntry } from '@timeskein/ingest'

/**
 * A folder as an import takes it over a connection, and its size: a tar archive of the files below it.
 *
 * @param onRefused - Told of all that is not packed, by its name below the folder, with the reason.
 */
export async function packFolder(
  path: string,
  onRefused: (entry: RefusedEntry) => void,
): Promise<{ readonly bytes: AsyncIterable<Uint8Array>; readonly contentBytes: number }> {
  const ingest = await import('@timeskein/ingest')
  return { bytes: ingest.packFolder(path, onRefused), contentBytes: await ingest.measureFolder(path) }
}
