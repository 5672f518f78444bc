import { BROWSER_KINDS, findBrowserKind } from '../browsers/browser-kinds.ts'
import { planBrowser } from '../browsers/core/plan-browser.ts'
import { SqliteTables } from '../browsers/core/sqlite-tables.ts'
import type { PeekableSource } from '../containers/byte-source.ts'
import type { BinaryFormat, EvidencePlace, EvidencePlan } from '../pipeline/evidence-plan.ts'
import type { ReadOptions } from '../pipeline/read-options.ts'
import { PLASO_FORMAT, planPlaso } from '../plaso/plaso-format.ts'
import { SchemaTreeError } from '../sqlite/check-schema-tree.ts'
import { isDatabaseError } from '../sqlite/database-error.ts'
import { openSqliteEvidence, type SqliteEvidence } from '../sqlite/open-sqlite-evidence.ts'
import { isSqlite, SQLITE_HEADER_BYTES } from '../sqlite/sqlite-header.ts'
import type { ReadableFormat } from './list-formats.ts'
import { UnknownFormatError } from './unknown-format-error.ts'

const MAX_NAMES_SHOWN = 8

/** SQLite databases that are known by their tables. */
export const SQLITE_FORMATS: readonly ReadableFormat[] = [PLASO_FORMAT, ...BROWSER_KINDS].map(
  ({ name, title, recognisedBy }) => ({ name, title, recognisedBy }),
)

/** Any SQLite database: its tables tell which it is. */
export const SQLITE_FORMAT: BinaryFormat = {
  name: 'sqlite',
  title: 'SQLite database of a known program',
  recognisedBy: 'its first bytes, and its tables',
  headBytes: SQLITE_HEADER_BYTES,
  matches: isSqlite,
  plan: planSqlite,
}

async function planSqlite(
  path: string,
  source: PeekableSource,
  options: ReadOptions,
  place: EvidencePlace,
): Promise<EvidencePlan> {
  let evidence = await openDatabase(path, source, options, place, true)
  try {
    let tables = readTables(path, evidence)
    const kind = findBrowserKind(tables)
    let plan: EvidencePlan
    if (kind === undefined && tables.has('metadata', ['key', 'value'])) {
      plan = await planPlaso(path, source, evidence, options, place)
    } else if (kind === undefined) throw describeUnknown(path, tables, evidence)
    else {
      if (evidence.path === place.filePath) {
        // A browser that runs would change the file while it is read.
        await evidence[Symbol.asyncDispose]()
        evidence = await openDatabase(path, source, options, place, false)
        tables = readTables(path, evidence)
      }
      plan = planBrowser(kind, tables, source, options, { remarks: evidence.remarks, inside: place.inside })
    }
    const pieces = addLosses(plan.pieces, evidence)
    return { ...plan, pieces, close: async () => await closeBoth(plan, evidence) }
  } catch (error) {
    await evidence[Symbol.asyncDispose]()
    throw error
  }
}

/** What is lost beside the database, told behind its rows: a look at the first ones is a look at rows. */
async function* addLosses(
  pieces: EvidencePlan['pieces'],
  { losses }: SqliteEvidence,
): EvidencePlan['pieces'] {
  yield* pieces
  for (const detail of losses)
    yield { kind: 'reject', reject: { line: 0, reason: 'bad-record', detail, raw: '' } }
}

async function closeBoth(plan: EvidencePlan, evidence: SqliteEvidence): Promise<void> {
  try {
    await plan.close?.()
  } finally {
    await evidence[Symbol.asyncDispose]()
  }
}

async function openDatabase(
  path: string,
  source: PeekableSource,
  { spoolDirectory }: ReadOptions,
  place: EvidencePlace,
  inPlace: boolean,
): Promise<SqliteEvidence> {
  try {
    return await openSqliteEvidence(path, source, place, {
      inPlace,
      ...(spoolDirectory === undefined ? {} : { spoolDirectory }),
    })
  } catch (error) {
    throw asUnknown(path, error)
  }
}

function readTables(path: string, { database }: SqliteEvidence): SqliteTables {
  try {
    return new SqliteTables(database)
  } catch (error) {
    throw asUnknown(path, error)
  }
}

/** What SQLite says of a file that it cannot read, in our words; anything else as it is. */
function asUnknown(path: string, error: unknown): unknown {
  const isOfDatabase = error instanceof SchemaTreeError || isDatabaseError(error)
  return isOfDatabase
    ? new UnknownFormatError(path, `an SQLite database that cannot be read (${error.message})`, true)
    : error
}

/** All that a program wrote may stand in a journal that could not be read. */
function describeUnknown(
  path: string,
  { names }: SqliteTables,
  { losses }: SqliteEvidence,
): UnknownFormatError {
  const isLost = names.length === 0 && losses.length > 0
  return new UnknownFormatError(path, [describeTables(names), ...losses].join('; '), isLost)
}

function describeTables(names: readonly string[]): string {
  if (names.length === 0) return 'an SQLite database without tables'
  const shown = names.slice(0, MAX_NAMES_SHOWN).join(', ')
  const more = names.length > MAX_NAMES_SHOWN ? ` and ${names.length - MAX_NAMES_SHOWN} more` : ''
  return `an SQLite database of no known program (tables ${shown}${more})`
}
