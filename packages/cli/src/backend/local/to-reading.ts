import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type ImportReading, readFormatters } from '@timeskein/server'
import type { ImportReadingOptions } from '../backend.ts'

/** What was said about reading, with the files that it names. */
export async function toReading(options: ImportReadingOptions): Promise<ImportReading> {
  const { formatters, messageResources, ...reading } = options
  // Told before anything is imported: without the texts, messages would only be shorter.
  if (messageResources !== undefined) await stat(messageResources)
  return {
    ...reading,
    ...(formatters === undefined ? {} : { formatters: await readFormatters(resolve(formatters)) }),
    ...(messageResources === undefined ? {} : { messageResources: resolve(messageResources) }),
  }
}
