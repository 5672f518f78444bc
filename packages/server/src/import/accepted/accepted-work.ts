import { basename, join } from 'node:path'
import type { Selectable } from 'kysely'
import type { ImportRow } from '../../db/schema.ts'
import type { ImportReading, ImportRequest } from '../import-service.ts'

/** What an import that was accepted is to do, as the log keeps it (`imports.accepted_json`). */
interface AcceptedWork {
  /** In the folder of uploads, where a data directory that was moved still has it. */
  readonly file: string
  readonly name: string
  readonly reading: ImportReading
  readonly keepKnownRows: boolean
  readonly moreFollows: boolean
}

/** What the log has to keep of an import that is accepted. @throws Error When it is not of one file that is its own. */
export function writeAcceptedWork({
  inputs,
  reading = {},
  keepKnownRows = false,
  moreFollows = false,
}: ImportRequest): string {
  const [input] = inputs
  if (inputs.length !== 1 || !input || !('path' in input) || !input.isTemporary)
    throw new Error('Only an import of one uploaded file can be accepted.')
  const work: AcceptedWork = {
    file: basename(input.path),
    name: input.name ?? basename(input.path),
    reading,
    keepKnownRows,
    moreFollows,
  }
  return JSON.stringify(work)
}

/** The name of an accepted import's file in the folder of uploads; undefined for other imports. */
export function nameAcceptedFile({
  accepted_json,
}: Pick<Selectable<ImportRow>, 'accepted_json'>): string | undefined {
  return accepted_json === null ? undefined : (JSON.parse(accepted_json) as AcceptedWork).file
}

/** The request of an accepted import once more. */
export function readAcceptedWork(
  row: Pick<Selectable<ImportRow>, 'sketch_id' | 'timeline_id'> & { accepted_json: string },
  uploadsDirectory: string,
): ImportRequest {
  const { file, name, ...rest } = JSON.parse(row.accepted_json) as AcceptedWork
  return {
    ...rest,
    sketchId: row.sketch_id,
    timeline: { id: row.timeline_id },
    inputs: [{ path: join(uploadsDirectory, file), name, isTemporary: true }],
    accept: {},
  }
}
