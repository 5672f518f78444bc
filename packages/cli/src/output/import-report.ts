import { type ApiImportPreview, type FileAccount, shortenText } from '@timeskein/model'
import type { ReadableFormat } from '@timeskein/server'
import type { ImportReport } from '../backend/backend.ts'
import { countUnsavedRejects } from '../backend/import-outcome.ts'
import { nameFlags } from './name-flags.ts'
import { lines as joinLines, type Prose } from './prose.ts'

/** Characters that are shown of what is wrong with a row: a value in it may be of any length. */
const SHOWN_DETAIL_LENGTH = 300
/** Formats of which a reject's `line` is one; those of others count records. */
const HAS_LINES = /^(?:csv|tsv|zeek-tsv|w3c|jsonl|json|log)(?:\/|$)/

/** Says what became of each file of an import, with the reasons of rejected rows and the first place of each. */
export function describeImport(report: ImportReport): Prose {
  const lines: string[] = []
  for (const file of report.files) {
    const parts = [
      `${count(file.read)} read`,
      `${count(file.stored)} stored`,
      `${count(file.rejected)} rejected`,
    ]
    if (file.duplicates > 0) parts.push(`${count(file.duplicates)} known already`)
    const where = file.timeline === undefined ? '' : ` -> ${file.timeline.name}`
    lines.push(`${file.path} (${file.format}): ${parts.join(', ')} in ${file.seconds.toFixed(1)} s${where}`)
    const reasons = Object.entries(file.reasons).map(([reason, rows]) => `${count(rows)} ${reason}`)
    if (reasons.length > 0) lines.push(`  rejected: ${reasons.join(', ')}`, ...describeFirstRejects(file))
  }
  return joinLines(lines)
}

/** A line for each reason: where it first stands, and what was expected and found there. */
function describeFirstRejects({ format, first_rejects = {} }: FileAccount): readonly string[] {
  const firsts = Object.entries(first_rejects)
  const unit = HAS_LINES.test(format) ? 'line' : 'record'
  return firsts.map(([reason, { line, detail }]) => {
    const place = [...(firsts.length > 1 ? [reason] : []), ...(line > 0 ? [`${unit} ${line}`] : [])]
    const told = shortenText(detail, SHOWN_DETAIL_LENGTH)
    return `  ${place.length === 0 ? told : `${place.join(', ')}: ${told}`}`
  })
}

/** Says what else there is to know of an import, a line each: where rejected rows are, remarks, entries that were not read. */
export function describeRemarks(report: ImportReport): Prose {
  const lines = report.files.flatMap(({ path, remarks = [], rejects_file }) => [
    ...remarks.map((remark) => `${path}: ${nameFlags(remark)}`),
    ...(rejects_file === undefined ? [] : [`rejected rows of ${path}: ${rejects_file}`]),
  ])
  return joinLines([...lines, ...describeUnsaved(report), ...describeRefused(report.refused ?? [])])
}

function describeUnsaved(report: ImportReport): readonly string[] {
  const rows = countUnsavedRejects(report)
  if (rows === 0) return []
  const were = rows === 1 ? '1 row was rejected and is' : `${count(rows)} rows were rejected and are`
  return [`${were} in no file: --rejects FILE keeps such rows, to be mended and imported again`]
}

/** Files of no known format that are named; a collection may have thousands. */
const NAMED_OTHERS = 20

function describeRefused(refused: NonNullable<ImportReport['refused']>): readonly string[] {
  const lost = refused.filter(({ refusal }) => refusal === 'unreadable')
  const others = refused.filter(({ refusal }) => refusal === 'not-understood')
  const more = others.length - NAMED_OTHERS
  return [
    ...lost.map(({ path, reason }) => `${path} could not be read: ${nameFlags(reason)}`),
    ...others.slice(0, NAMED_OTHERS).map(({ path, reason }) => `${path} was not read: ${nameFlags(reason)}`),
    ...(more > 0
      ? [`${count(more)} more files were not read, being of no known format; --json names them`]
      : []),
  ]
}

/** Says how files would be read, with their first rows as they would be stored. */
export function describePreview(
  files: ApiImportPreview['files'],
  refused: ApiImportPreview['refused'],
): Prose {
  const lines = files.flatMap((file) => {
    const constants = Object.entries(file.constants).map(([name, value]) => `${name}=${value}`)
    return [
      `${file.path}: ${file.format}`,
      `  ${nameFlags(file.reason)}`,
      `  time: ${file.timeFields.join(', ')}   message: ${file.messageField ?? '(made from the fields)'}${constants.length > 0 ? `   ${constants.join(', ')}` : ''}`,
      ...file.rows.map((row) => `  line ${row.line}: ${row.datetime}  ${row.message ?? ''}  ${row.source}`),
      ...file.rejects.map(
        (reject) =>
          `  line ${reject.line} would be rejected (${reject.reason}): ${shortenText(reject.detail, SHOWN_DETAIL_LENGTH)}`,
      ),
    ]
  })
  for (const entry of refused) lines.push(`${entry.path} would not be read: ${nameFlags(entry.reason)}`)
  return joinLines(lines)
}

/** Says what can be read: a line for each format, with how it is told. */
export function describeFormats(formats: readonly ReadableFormat[]): Prose {
  const width = Math.max(...formats.map(({ name }) => name.length))
  return joinLines(
    formats.map(({ name, title, recognisedBy }) => `${name.padEnd(width)}  ${title} (by ${recognisedBy})`),
  )
}

function count(rows: number): string {
  return rows.toLocaleString('en')
}
