import { basename, extname } from 'node:path'
import {
  type ImportAccount,
  type SketchSummary,
  stringifyExactJson,
  type TimelineDetail,
  type Timesketch,
} from '@timeskein/sdk'
import { LOSSES } from '../../backend/import-outcome.ts'
import { findSketch } from '../../backend/timesketch/find-sketch.ts'
import { CliError } from '../../cli-error.ts'
import type { CommandCall } from '../../command.ts'
import type { Effects } from '../../effects.ts'
import { EXIT } from '../../exit-codes.ts'
import { toCliError } from '../../failures.ts'
import { countWords } from '../../output/count-words.ts'
import { lines, type Prose, prose } from '../../output/prose.ts'
import { createProgressDrawer } from '../../progress/progress.ts'
import { openTimesketch, type TimesketchAccess } from '../../timesketch/open-timesketch.ts'
import { refuseValue } from '../../timesketch/refuse-value.ts'
import { runAnalyzers } from './run-analyzers.ts'
import { type Limits, sendRows, sendWhole } from './send.ts'

/** A server of ours names it where it tells of text that it could not decode. */
const REPLACEMENT = 'U+FFFD'

/** What a server of ours tells of a source none of whose rows was imported, before what else there is to say. */
const ALL_REJECTED = /^0 out of [1-9]\d* events imported\.(?: The most common reason is '(?<reason>[^']*)')?/

/** Status of a file of which nothing was sent. */
const EMPTY = 'empty'

/** What a command line asks for beside the options that are handed on. */
export interface Upload {
  readonly sketch: string
  /** Which of several sketches of that name; they are refused when undefined. */
  readonly strategy: 'newest' | 'oldest' | undefined
  readonly limits: Limits
  readonly analyzers: readonly string[]
}

/** What became of one file. */
interface Uploaded {
  readonly path: string
  readonly timeline: string
  readonly timeline_id: number | undefined
  /** `ready` or `fail`, as all of its timeline is, `empty` where nothing was sent, so that there is none; undefined when it was not waited for. */
  readonly status: string | undefined
  /** The server could not take all of what was sent, though the timeline may be ready. */
  readonly has_failed: boolean
  readonly account: Omit<ImportAccount, 'timeline' | 'timelineId' | 'status'> | undefined
  readonly problems: readonly string[]
}

/** Sends the files, one timeline each, and tells what became of them. */
export async function uploadFiles(upload: Upload, call: CommandCall, effects: Effects): Promise<number> {
  await using access = await openTimesketch(call, effects)
  const sketchId = await findOrCreateSketch(access, upload)
  const drawer = createProgressDrawer(effects, call.flag('quiet'))
  const done: Uploaded[] = []
  try {
    for (const path of call.positionals) {
      const isWhole =
        call.flag('whole') || call.text('map') !== undefined || extname(path).toLowerCase() === '.plaso'
      const onProgress = (progress: {
        done: number
        total: number | undefined
        unit: 'rows' | 'bytes'
      }): void => drawer.update({ label: basename(path), ...progress })
      const job = { path, sketchId, limits: upload.limits, onProgress }
      done.push(
        await refuseValue(EXIT.badInput, async () =>
          isWhole
            ? describeTimeline(path, await sendWhole(access, job, call))
            : describeAccount(path, await sendRows(access, job, call)),
        ),
      )
    }
  } catch (error) {
    drawer.end()
    // What is stored is told also when a later file is not.
    if (done.length > 0) await tell(done, sketchId, call, effects)
    throw error
  } finally {
    drawer.end()
  }
  await tell(done, sketchId, call, effects)
  if (done.some((file) => file.has_failed && !isAllRejectedThere(file))) return EXIT.badInput
  if (upload.analyzers.length > 0) {
    const timelineIds = done.flatMap(({ timeline_id }) => timeline_id ?? [])
    if (!(await runAnalyzers(access, sketchId, timelineIds, upload.analyzers, effects))) return EXIT.failed
  }
  const hasRejects = done.some(({ account, problems }) => (account?.rejected ?? 0) > 0 || problems.length > 0)
  const isUndecoded = done.some(
    ({ account, problems }) =>
      (account?.undecoded ?? 0) > 0 || problems.some((problem) => problem.includes(REPLACEMENT)),
  )
  const isAllRejected = done.some(
    (file) => isAllRejectedThere(file) || (file.status === EMPTY && (file.account?.rejected ?? 0) > 0),
  )
  return isUndecoded || isAllRejected || (hasRejects && call.flag('strict')) ? EXIT.rejectedRows : EXIT.ok
}

/** Whether a file that went as it is has failed for no other reason than that each row was rejected, and none for damage, as far as is told. */
function isAllRejectedThere({ has_failed, account, problems }: Uploaded): boolean {
  const told = account === undefined && has_failed ? ALL_REJECTED.exec(problems.join('\n')) : null
  return told !== null && !LOSSES.has(told.groups?.['reason'] ?? '')
}

async function findOrCreateSketch(
  { timesketch, options }: TimesketchAccess,
  { sketch, strategy }: Upload,
): Promise<number> {
  try {
    return (await findSketch(timesketch, sketch, options)).id
  } catch (error) {
    const exitCode = toCliError(error)?.exitCode
    const name = sketch.replace(/^name:/, '')
    if (exitCode === EXIT.badInput && strategy !== undefined)
      return chooseSketch(await Array.fromAsync(timesketch.sketches.named(name, options)), strategy)
    if (exitCode !== EXIT.notFound || /^\d+$/.test(sketch)) throw error
    return await createSketch(timesketch, name, options)
  }
}

// Ids are given in the order of making.
function chooseSketch(sketches: readonly SketchSummary[], strategy: 'newest' | 'oldest'): number {
  const ids = sketches.map(({ id }) => id)
  return strategy === 'newest' ? Math.max(...ids) : Math.min(...ids)
}

async function createSketch(
  timesketch: Timesketch,
  name: string,
  options: TimesketchAccess['options'],
): Promise<number> {
  if (name === '') throw new CliError('a sketch needs a name, found an empty one', EXIT.usage)
  return (await timesketch.sketches.create({ name }, options)).id
}

function describeAccount(path: string, account: ImportAccount): Uploaded {
  const { timeline, timelineId, ...rest } = account
  const isEmpty = timelineId === undefined && account.sent === 0 && account.failedPieces === 0
  const { status = isEmpty ? EMPTY : undefined, ...counts } = rest
  return {
    ...{ path, timeline, timeline_id: timelineId, status, account: counts },
    has_failed: status === 'fail' || account.failedPieces > 0,
    problems: account.serverErrors,
  }
}

function describeTimeline(path: string, timeline: TimelineDetail): Uploaded {
  const { name, id, status, dataSources } = timeline
  // Ids are given in the order of making: what was sent just now is the last.
  const own = dataSources.toSorted((a, b) => a.id - b.id).at(-1)
  return {
    path,
    timeline: name,
    timeline_id: id,
    status: status === 'processing' ? undefined : status,
    has_failed: status === 'fail' || own?.status === 'fail',
    account: undefined,
    problems: own?.errorMessage === undefined ? [] : [own.errorMessage],
  }
}

async function tell(
  files: readonly Uploaded[],
  sketchId: number,
  call: CommandCall,
  effects: Effects,
): Promise<void> {
  if (call.flag('json'))
    return await effects.writeData(`${stringifyExactJson({ sketch_id: sketchId, files })}\n`)
  if (!call.flag('quiet')) await effects.writeOut(lines(files.map((file) => describeFile(file, sketchId))))
  for (const { path, account, problems } of files) {
    for (const { line, reason } of account?.rejects ?? [])
      effects.writeError(prose`${path}, line ${line}: ${reason}\n`)
    const unlisted = (account?.rejected ?? 0) - (account?.rejects.length ?? 0)
    if (unlisted > 0) effects.writeError(prose`${path}: ${unlisted} more rows were rejected\n`)
    if (account && account.droppedFields.length > 0)
      effects.writeError(
        prose`${path}: not sent, for a server keeps these names for itself: ${account.droppedFields.join(', ')}\n`,
      )
    if (account && account.undecoded > 0)
      effects.writeError(
        prose`${path}: ${countWords(account.undecoded, 'character')} could not be decoded and ${account.undecoded === 1 ? 'is' : 'are'} lost; name the encoding with --encoding, and delete the timeline first\n`,
      )
    for (const problem of problems) effects.writeError(prose`${path}: ${problem}\n`)
  }
}

function describeFile(file: Uploaded, sketchId: number): Prose {
  const { path, timeline, timeline_id: id, status, account } = file
  const sent = account
    ? `${countWords(account.read, 'row')} read, ${account.sent} sent, ${account.rejected} rejected`
    : 'sent'
  return status === EMPTY
    ? prose`${path}: ${sent}; nothing was imported, and there is no timeline ${timeline} of it in sketch ${sketchId}`
    : prose`${path}: ${sent}; timeline ${timeline} (${id ?? 'none'}) of sketch ${sketchId} is ${status ?? 'being indexed'}`
}
