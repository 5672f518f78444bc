import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { type ApiImportPreview, FIELD_MAP_EXAMPLE, nameTimelineAfter, parseFieldMap } from '@timeskein/model'
import { readChoice, requireText } from '../arguments.ts'
import type {
  FinishedImport,
  ImportCalls,
  ImportFile,
  ImportReadingOptions,
  ImportReport,
} from '../backend/backend.ts'
import { countUnsavedRejects, hasLoss, hasUndecoded } from '../backend/import-outcome.ts'
import { choosePreviewer, openBackend } from '../backend/open-backend.ts'
import { CliError } from '../cli-error.ts'
import { BACKEND_OPTIONS, type Command, type CommandCall, OUTPUT_OPTIONS } from '../command.ts'
import type { Effects } from '../effects.ts'
import { EXIT } from '../exit-codes.ts'
import { exitCodeOfImport, toCliError } from '../failures.ts'
import { countWords } from '../output/count-words.ts'
import { describeFormats, describeImport, describePreview, describeRemarks } from '../output/import-report.ts'
import { nameFlags } from '../output/name-flags.ts'
import { lines, type Prose } from '../output/prose.ts'
import { createProgressDrawer } from '../progress/progress.ts'
import { requireWritableRejects } from '../rejects/reject-target.ts'
import { saveRejects } from '../rejects/save-rejects.ts'
import { tellLiveLook } from './detect/tell-live-look.ts'
import { removeEmpty } from './import/remove-empty.ts'
import { findOrCreateSketch } from './sketch/find-or-create.ts'

/** `skein import`: each file is stored whole or not at all; fails when one could not be taken, after the others are stored. */
export const importCommand: Command = {
  name: 'import',
  summary: 'Read evidence into a timeline; every row is accounted for.',
  usage: [
    'FILE... --sketch NAME|ID [options]',
    '- --sketch NAME|ID [options]      (standard input)',
    '--list-formats',
  ],
  options: {
    sketch: {
      type: 'string',
      short: 's',
      value: 'NAME|ID',
      help: 'the sketch; a name that does not exist is made',
    },
    timeline: {
      type: 'string',
      value: 'NAME',
      help: 'the timeline (default: the first file’s name; of archives and folders one for each kind of source and host)',
    },
    'one-timeline': { type: 'boolean', help: 'all of an archive or a folder into one timeline' },
    'dry-run': { type: 'boolean', help: 'show the mapping and the first rows as they would be stored' },
    map: {
      type: 'string',
      value: 'A=B,…',
      help: 'fields that stand for ours, several joined by +: time=EventTime,message=Host+What',
    },
    times: {
      type: 'string',
      value: 'first|all',
      help: 'one event for each row (default), or one for each time in it',
    },
    'time-zone': {
      type: 'string',
      value: 'ZONE',
      help: 'zone of times that name none, e.g. Europe/Berlin (default UTC)',
    },
    year: {
      type: 'string',
      value: 'YEAR',
      help: 'year of the first line of a log whose times have none (default by the time of the file)',
    },
    carve: {
      type: 'boolean',
      help: 'search unused space of event logs for records left there; they have recovered: true',
    },
    'keep-xml': { type: 'boolean', help: 'keep the XML of each Windows event, as xml_string' },
    formatters: {
      type: 'string',
      value: 'DIR',
      help: 'messages of Plaso’s events by the formatters (YAML) in this folder, as psort makes them',
    },
    'message-resources': {
      type: 'string',
      value: 'FILE',
      help: 'texts of Windows events in Plaso’s storage files from this database (winevt-rc.db)',
    },
    'plaso-filter': {
      type: 'string',
      value: 'FILTER',
      help: 'of Plaso’s storage files only events that match, e.g. \'data_type is "fs:stat"\'',
    },
    'day-first': { type: 'boolean', help: 'read 03/04/2026 as the third of April' },
    encoding: {
      type: 'string',
      value: 'NAME',
      help: 'text encoding when it is not UTF-8 or UTF-16: windows-1252, shift_jis, …',
    },
    rejects: {
      type: 'string',
      value: 'FILE',
      help: `write rejected rows here, to be mended and imported again; of several files, to FILE with the name of each in it (without it they end the command with ${EXIT.rejectedRows})`,
    },
    'list-formats': { type: 'boolean', help: 'list what can be read, and how each is told' },
    strict: {
      type: 'boolean',
      help: `exit with ${EXIT.rejectedRows} when a row was rejected, also one that --rejects took`,
    },
    ...OUTPUT_OPTIONS,
    ...BACKEND_OPTIONS,
  },
  examples: [
    {
      line: 'skein import Security.csv --sketch case',
      says: 'format, times and message are found by content',
    },
    {
      line: 'skein import triage.zip --sketch case',
      says: 'what KAPE, Velociraptor or UAC collected, or any archive or folder',
    },
    { line: 'skein import logs/*.jsonl.gz -s case --timeline proxy', says: 'several files, one timeline' },
    { line: 'zcat big.json.gz | skein import - -s case --timeline big', says: 'from standard input' },
    {
      line: 'skein import odd.csv -s case --map time=When,message=What --dry-run',
      says: 'look before you leap',
    },
  ],
  run: runImport,
}

async function runImport(call: CommandCall, effects: Effects): Promise<number> {
  if (call.flag('list-formats')) return await tellFormats(call, effects)
  if (call.positionals.length === 0)
    throw new CliError('a file is expected, or - for standard input. See: skein import --help', EXIT.usage)
  const reading = readReading(call)
  if (!call.flag('quiet')) effects.writeError(describeOwnNames(Object.keys(reading.map ?? {})))
  if (!call.flag('dry-run')) requireText(call, 'sketch', 'import')
  const files = call.positionals.map(
    (path): ImportFile => (path === '-' ? { stdin: effects.stdin } : { path }),
  )
  const paths = files.flatMap((file) => ('path' in file ? [file.path] : []))
  // Before a sketch is made for them.
  for (const path of paths) await stat(path)
  const rejectsPath = call.text('rejects')
  if (rejectsPath !== undefined && !call.flag('dry-run')) await requireWritableRejects(rejectsPath, paths)
  if (call.flag('dry-run'))
    return await preview(await choosePreviewer(call, effects), files, reading, call, effects)
  await using backend = await openBackend(call, effects)
  const { sketch, isNew } = await findOrCreateSketch(backend, requireText(call, 'sketch', 'import'))
  const known = new Set((await backend.listTimelines(sketch.id)).map((line) => line.id))
  const drawer = createProgressDrawer(effects, call.flag('quiet'))
  let finished: FinishedImport
  try {
    finished = await backend.importFiles({
      sketchId: sketch.id,
      timeline: call.text('timeline') ?? nameTimelineAfter(call.positionals[0] ?? '-'),
      bySource: call.text('timeline') === undefined && !call.flag('one-timeline'),
      files,
      reading,
      signal: effects.signal,
      onProgress: (progress) =>
        drawer.update({
          label: basename(progress.file) || 'looking at what it is',
          done: progress.bytesDone,
          total: progress.bytesTotal,
          unit: 'bytes',
          note: countWords(progress.rows, 'row'),
        }),
    })
  } catch (error) {
    drawer.end()
    const left = await removeEmpty(backend.forTidying(), sketch, isNew, known)
    if (left !== undefined) effects.writeError(lines([left]))
    throw error
  } finally {
    drawer.end()
  }
  const { report, exitCode } = await keepRejects(finished, rejectsPath, files.length)
  if (call.flag('json')) await effects.writeData(`${JSON.stringify(report)}\n`)
  else if (!call.flag('quiet')) await effects.writeOut(describeImport(report))
  if (!call.flag('quiet')) effects.writeError(describeRemarks(report))
  effects.writeError(lines((report.problems ?? []).map(nameFlags)))
  await tellLiveLook(backend, sketch.id, call, effects)
  if (exitCode !== EXIT.ok) return exitCode
  if (hasLoss(report)) return EXIT.badInput
  const hasRejects = report.files.some((file) => file.rejected > 0)
  const isPartly = call.flag('strict') ? hasRejects : countUnsavedRejects(report) > 0
  return isPartly || hasUndecoded(report) ? EXIT.rejectedRows : EXIT.ok
}

// What is stored is told also when the rejected rows cannot be written.
async function keepRejects(
  { report, rejects }: FinishedImport,
  target: string | undefined,
  inputCount: number,
): Promise<{ report: ImportReport; exitCode: number }> {
  const exitCode = report.problems ? exitCodeOfImport(report.error_code) : EXIT.ok
  if (target === undefined) return { report, exitCode }
  try {
    const files = await saveRejects(target, rejects, inputCount === 1 && rejects.length === 1)
    return { report: { ...report, files }, exitCode }
  } catch (error) {
    const failure = toCliError(error)
    if (!failure) throw error
    return {
      report: { ...report, problems: [...(report.problems ?? []), failure.message] },
      exitCode: failure.exitCode,
    }
  }
}

async function tellFormats(call: CommandCall, effects: Effects): Promise<number> {
  // The list lives with the readers, which a client of a server does not load otherwise.
  const { listFormats } = await import('@timeskein/server')
  const formats = await listFormats()
  if (call.flag('json')) await effects.writeData(`${JSON.stringify({ formats })}\n`)
  else await effects.writeOut(describeFormats(formats))
  return EXIT.ok
}

async function preview(
  previewer: Pick<ImportCalls, 'previewFile'>,
  files: readonly ImportFile[],
  reading: ImportReadingOptions,
  call: CommandCall,
  effects: Effects,
): Promise<number> {
  const previews: ApiImportPreview[] = []
  for (const file of files) previews.push(await previewer.previewFile(file, reading, effects.signal))
  const found = previews.flatMap((one) => one.files)
  const refused = previews.flatMap((one) => one.refused)
  if (call.flag('json')) await effects.writeData(`${JSON.stringify({ files: found, refused })}\n`)
  else await effects.writeOut(describePreview(found, refused))
  return EXIT.ok
}

function readReading(call: CommandCall): ImportReadingOptions {
  const mapText = call.text('map')
  const timeZone = call.text('time-zone')
  const encoding = call.text('encoding')
  const formatters = call.text('formatters')
  const messageResources = call.text('message-resources')
  const plasoFilter = call.text('plaso-filter')
  const year = readYear(call.text('year'))
  return {
    ...(mapText === undefined ? {} : { map: readMap(mapText) }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(encoding === undefined ? {} : { encoding }),
    // Not said is not false: then the values themselves show the order, or a point between them.
    ...(call.flag('day-first') ? { dayFirst: true } : {}),
    ...(call.flag('carve') ? { carve: true } : {}),
    ...(call.flag('keep-xml') ? { keepXml: true } : {}),
    ...(formatters === undefined ? {} : { formatters }),
    ...(messageResources === undefined ? {} : { messageResources }),
    ...(plasoFilter === undefined ? {} : { plasoFilter }),
    ...(year === undefined ? {} : { year }),
    allTimes: readChoice(call, 'times', ['first', 'all'] as const) === 'all',
  }
}

function readYear(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const year = Number(text)
  if (/^\d{4}$/.test(text) && year >= 1970) return year
  throw new CliError(`--year takes a year from 1970 to 9999; found "${text}"`, EXIT.usage)
}

function readMap(text: string): Readonly<Record<string, string>> {
  const { map, badPair } = parseFieldMap(text)
  if (map) return map
  throw new CliError(`--map takes pairs such as ${FIELD_MAP_EXAMPLE}; found "${badPair}"`, EXIT.usage)
}

/** Names of `--map` that mean something to us; under any other, a field has one more name. */
const KNOWN_NAMES: ReadonlySet<string> = new Set([
  'time',
  'datetime',
  'timestamp',
  'message',
  'timestamp_desc',
  'tag',
])

function describeOwnNames(names: readonly string[]): Prose {
  return lines(
    names
      .filter((name) => !KNOWN_NAMES.has(name))
      .map(
        (name) => `--map: "${name}" becomes a field like any other; ours are ${[...KNOWN_NAMES].join(', ')}`,
      ),
  )
}
