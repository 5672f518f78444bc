import type { Buffer } from 'node:buffer'
import type { CompletedArtefact } from '../../artefacts/artefact-format.ts'
import { isOfEntry } from '../../containers/archive-limits.ts'
import { readUpTo } from '../../containers/byte-source.ts'
import type { EvidencePlace } from '../../pipeline/evidence-plan.ts'
import { readHiveHeader } from '../hive/hive.ts'
import { MAX_HIVE_LOG_BYTES } from '../limits.ts'
import { damaged, type HiveLog, type HiveLoss, openHiveLog } from './hive-log.ts'
import { isDirty, recoverHive } from './recover-hive.ts'

/** What logs' names have behind the hive's: the two that Windows writes in turns, and the only one of older versions. */
const IN_TURNS = ['.LOG1', '.LOG2']
const ALONE = ['.LOG']

/** Takes the transaction logs beside a hive into its bytes where it is dirty, and says what of them could not be had. */
export async function takeLogs(bytes: Buffer<ArrayBuffer>, place: EvidencePlace): Promise<CompletedArtefact> {
  const header = readHiveHeader(bytes)
  if (!header || !isDirty(header)) return { bytes, remarks: [], losses: [] }
  const found = await openLogs(place)
  const recovered = recoverHive(bytes, header, found.logs)
  const { taken, pageCount } = recovered
  const losses = [...found.losses, ...recovered.losses]
  const isBehind = header.sequences[0] !== header.sequences[1]
  if (isBehind && taken.length === 0 && losses.length === 0) losses.push(damaged(describeNone(found, place)))
  const remarks: string[] = []
  if (taken.length > 0) {
    const logs = taken.length === 1 ? 'log' : 'logs'
    const pages = pageCount === 1 ? '1 page' : `${pageCount} pages`
    remarks.push(
      `${pages} of the transaction ${logs} beside the hive (${taken.join(', ')}) ${pageCount === 1 ? 'was' : 'were'} taken in.`,
    )
  }
  if (losses.length > 0) {
    const details = losses.map(({ detail }) => detail).join('; ')
    remarks.push(
      `Changes that are in the transaction logs only are not, or not all, in the hive: ${details}.`,
    )
  }
  return { bytes: recovered.bytes, remarks, losses }
}

interface FoundLogs {
  readonly logs: readonly HiveLog[]
  readonly losses: readonly HiveLoss[]
  /** Some stood there, with or without anything in them. */
  readonly isAny: boolean
}

async function openLogs(place: EvidencePlace): Promise<FoundLogs> {
  const inTurns = await openEach(place, IN_TURNS)
  if (inTurns.logs.length > 0) return inTurns
  const alone = await openEach(place, ALONE)
  return {
    logs: alone.logs,
    losses: [...inTurns.losses, ...alone.losses],
    isAny: inTurns.isAny || alone.isAny,
  }
}

async function openEach(place: EvidencePlace, endings: readonly string[]): Promise<FoundLogs> {
  const logs: HiveLog[] = []
  const losses: HiveLoss[] = []
  let isAny = false
  for (const ending of endings) {
    const read = await readBeside(place, ending)
    if (read === undefined) continue
    isAny = true
    if ('reason' in read) {
      losses.push(read)
      continue
    }
    const log = openHiveLog(ending, read.bytes)
    const isLost = log !== undefined && 'reason' in log
    if (read.truncation !== undefined) losses.push(damaged(`${ending} is damaged: ${read.truncation}`))
    else if (isLost) losses.push(log)
    // Entries have hashes that tell what is whole; the old format has none.
    if (log !== undefined && !isLost && (log.isNew || read.truncation === undefined)) logs.push(log)
  }
  return { logs, losses, isAny }
}

/** @returns Undefined where no file of that name is. */
async function readBeside(
  place: EvidencePlace,
  ending: string,
): Promise<{ readonly bytes: Buffer; readonly truncation: string | undefined } | HiveLoss | undefined> {
  try {
    const beside = await place.openBeside?.(ending, { anyCase: true })
    if (beside === undefined) return undefined
    await using source = beside
    const bytes = await readUpTo(source, MAX_HIVE_LOG_BYTES + 1)
    if (bytes.length <= MAX_HIVE_LOG_BYTES) return { bytes, truncation: source.truncation }
    const detail = `${ending} has more than ${MAX_HIVE_LOG_BYTES} bytes (MAX_HIVE_LOG_BYTES)`
    return { reason: 'over-limit', detail }
  } catch (error) {
    if (!isOfEntry(error)) throw error
    return damaged(`${ending} cannot be read: ${error.message}`)
  }
}

function describeNone({ isAny }: FoundLogs, { openBeside }: EvidencePlace): string {
  if (openBeside === undefined) return 'nothing that stands beside the hive is at hand here'
  return isAny
    ? 'nothing is logged in those that stand beside it'
    : 'none that can be read stands beside it (.LOG1, .LOG2, .LOG)'
}
