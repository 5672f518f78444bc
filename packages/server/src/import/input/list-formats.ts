import type { ReadableFormat } from '@timeskein/ingest'

/** The formats that an import reads. The readers are loaded for it: what starts a server does without them. */
export async function listFormats(): Promise<readonly ReadableFormat[]> {
  const ingest = await import('@timeskein/ingest')
  return ingest.listFormats()
}
