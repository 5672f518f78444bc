import { stat } from 'node:fs/promises'
import type { PeekableSource } from '../containers/byte-source.ts'
import { UnknownFormatError } from '../detect/unknown-format-error.ts'
import type { EvidencePiece, EvidencePlace, EvidencePlan } from '../pipeline/evidence-plan.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { applyUserMap } from '../schemas/apply-user-map.ts'
import type { Mapping } from '../schemas/mapping.ts'
import { timeField } from '../schemas/schema.ts'
import { isDatabaseError } from '../sqlite/database-error.ts'
import type { SqliteEvidence } from '../sqlite/open-sqlite-evidence.ts'
import { describeNotes } from './describe-notes.ts'
import { compileFilter } from './filter/match-filter.ts'
import type { PlasoLayout, PlasoNote } from './piece/plaso-rows.ts'
import { countStored } from './storage/count-stored.ts'
import { StorageReader } from './storage/storage-reader.ts'
import { NotPlasoError, readStorageSchema, type StorageSchema } from './storage/storage-schema.ts'

const DATETIME = timeField('datetime', 'Event Logged', { format: 'iso' })
/** Stands in for years that no calendar text reaches. */
const TIMESTAMP = timeField('timestamp', 'Event Logged', {
  format: 'epoch-us',
  hasFixedUnit: true,
  isAlternative: true,
})

/** Storage files of Plaso (log2timeline), from format 20180101 on. */
export const PLASO_FORMAT = {
  name: 'plaso',
  title: 'Plaso storage file',
  recognisedBy: 'an SQLite database with a table metadata that tells its format_version',
} as const

/**
 * Plans the reading of a storage file.
 *
 * @param source - The file's own bytes; read along where they have not been read to make a copy.
 * @param evidence - The file as a database; of the caller, who closes it after the plan.
 * @throws {UnknownFormatError} When it is of a kind that is not read.
 */
export async function planPlaso(
  path: string,
  source: PeekableSource,
  evidence: SqliteEvidence,
  options: ReadOptions,
  place: EvidencePlace,
): Promise<EvidencePlan> {
  // A filter that cannot be read is told before anything is done.
  if (options.plasoFilter !== undefined) compileFilter(options.plasoFilter)
  const schema = readSchema(path, evidence)
  const { formatters } = options
  const definitions = typeof formatters === 'function' ? await formatters() : formatters
  const reader = new StorageReader()
  const close = async (): Promise<void> => await reader[Symbol.asyncDispose]()
  try {
    const remarks = [...evidence.remarks, ...(await reader.open(evidence.path))]
    const layout: PlasoLayout = {
      keepsDuplicates: options.keepDuplicates ?? false,
      ...(definitions === undefined ? {} : { definitions }),
      ...(options.plasoFilter === undefined ? {} : { filter: options.plasoFilter }),
      ...findResources(schema, evidence, options),
    }
    const mapping = makePlasoMapping(schema, options)
    return {
      format: PLASO_FORMAT.name,
      reasons: [mapping.reason],
      mapping,
      settings: {
        format: { kind: 'plaso', ...layout },
        mapping,
        times: options.times ?? 'first',
        ...(options.maxRows === undefined ? {} : { maxRows: options.maxRows }),
      },
      pieces: readItems(reader, source, countStored(evidence.database), await sizeOf(place), remarks),
      source,
      hasLines: false,
      // The notes are those of `PlasoRowReader`.
      describeNotes: (notes) => [...remarks, ...describeNotes(notes as readonly PlasoNote[])],
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

function readSchema(path: string, { database }: SqliteEvidence): StorageSchema {
  try {
    return readStorageSchema(database)
  } catch (error) {
    if (error instanceof NotPlasoError)
      throw new UnknownFormatError(
        path,
        `an SQLite database that Plaso's reader cannot take (${error.message})`,
        error.isStorage,
      )
    if (isDatabaseError(error))
      throw new UnknownFormatError(path, `a damaged SQLite database (${error.message})`, true)
    throw error
  }
}

function findResources(
  { tables }: StorageSchema,
  { path }: SqliteEvidence,
  options: ReadOptions,
): Pick<PlasoLayout, 'resources'> {
  // What an image brought of its own fits its events better than what was gathered elsewhere.
  if (tables.has('windows_eventlog_provider')) return { resources: path }
  return options.messageResources === undefined ? {} : { resources: options.messageResources }
}

/** What the fields of a storage file's events mean. */
export function makePlasoMapping(
  { version }: Pick<StorageSchema, 'version'>,
  options: Pick<ReadOptions, 'map'>,
): Mapping {
  return applyUserMap(
    {
      schema: 'plaso',
      times: [DATETIME, TIMESTAMP],
      allTimes: [DATETIME],
      messageField: 'message',
      timeZone: 'UTC',
      dayFirst: undefined,
      profile: { aliases: {}, constants: {} },
      reason: `is a Plaso storage file (format ${version}); each event has its own time`,
    },
    options.map,
  )
}

async function sizeOf({ filePath }: EvidencePlace): Promise<number> {
  return filePath === undefined ? 0 : (await stat(filePath)).size
}

/**
 * The pieces of a storage file. Its own bytes are read along with them, in proportion, where they have not been read to make a
 * copy: their hash is taken and progress is told by them.
 *
 * @param remarks - Gets what there is to tell.
 */
async function* readItems(
  reader: StorageReader,
  source: PeekableSource,
  events: number,
  sizeBytes: number,
  remarks: string[],
): AsyncGenerator<EvidencePiece> {
  const buffer = Buffer.allocUnsafe(1 << 20)
  let bytesRead = 0
  for await (const item of reader.read()) {
    switch (item.kind) {
      case 'piece': {
        const { bytes, eventsDone } = item
        const due = events > 0 ? (sizeBytes * Math.min(eventsDone, events)) / events : 0
        while (bytesRead < due) {
          const size = await source.read(buffer, 0)
          if (size === 0) break
          bytesRead += size
        }
        yield { kind: 'stretch', bytes, startLine: 0, place: 'top', isLast: false }
        break
      }
      case 'reject':
        yield item
        break
      case 'remark':
        remarks.push(item.remark)
        break
      default:
        item satisfies never
    }
  }
}
