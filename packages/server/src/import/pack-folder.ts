/**
 * A folder as an import takes it over a connection, and its size: a tar archive of the files below it.
 *
 * @param onUnreadable - Told of each file that cannot be read, by its name below the folder, with the reason.
 */
export async function packFolder(
  path: string,
  onUnreadable: (name: string, reason: string) => void,
): Promise<{ readonly bytes: AsyncIterable<Uint8Array>; readonly contentBytes: number }> {
  const ingest = await import('@timeskein/ingest')
  return { bytes: ingest.packFolder(path, onUnreadable), contentBytes: await ingest.measureFolder(path) }
}
