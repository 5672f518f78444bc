import { previewEvidence } from '@timeskein/server'
import type { ImportCalls } from '../backend.ts'
import { toReading } from './to-reading.ts'

const PREVIEW_ROWS = 5

/** Looks at evidence in this process. Needs no data directory, and makes none. */
export const previewFile: ImportCalls['previewFile'] = async (file, reading, signal) =>
  await previewEvidence('path' in file ? { path: file.path } : { stream: file.stdin, name: '-' }, {
    ...(await toReading(reading)),
    rowLimit: PREVIEW_ROWS,
    signal,
  })
