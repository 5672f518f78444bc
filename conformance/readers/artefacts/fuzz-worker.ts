import { Buffer } from 'node:buffer'
import { planMapping } from '../../../packages/ingest/src/artefacts/artefact-format.ts'
import { ARTEFACT_FORMATS } from '../../../packages/ingest/src/artefacts/artefact-formats.ts'
import { ArtefactSink } from '../../../packages/ingest/src/artefacts/artefact-sink.ts'
import { RowWriter } from '../../../packages/ingest/src/batch/row-writer.ts'
import { MFT_FORMAT } from '../../../packages/ingest/src/mft/mft-format.ts'
import { MftRowReader } from '../../../packages/ingest/src/mft/mft-rows.ts'
import { readHiveHeader } from '../../../packages/ingest/src/registry/hive/hive.ts'
import { openHiveLog } from '../../../packages/ingest/src/registry/logs/hive-log.ts'
import { recoverHive } from '../../../packages/ingest/src/registry/logs/recover-hive.ts'
import { mendLog } from '../../../packages/ingest/src/registry/testing/log-writer.ts'
import type { Choices } from '../../opensearch/random.ts'
import { describeThrown, fuzzRounds, ODD } from '../fuzz/fuzz-rounds.ts'
import { type LoggedHive, makeArtefacts, makeLoggedHives } from './made-artefacts.ts'

/**
 * Damages artefacts in ways that a seed chooses and reads each: it must come to an end, soon, with an account. Prints what it found
 * after each hundred rounds. Usage: fuzz-worker.ts SEED ROUNDS
 */
const MAX_ROUND_MS = 5000

const artefacts = makeArtefacts()
const logged = makeLoggedHives()
/** Hives with logs, of all rounds. */
const LOGGED_SHARE = 0.25
await fuzzRounds(({ choices, fail }) => {
  const artefact = choices.chance(LOGGED_SHARE) ? choices.pick(logged) : choices.pick(artefacts)
  const { name } = artefact
  const startedMs = performance.now()
  try {
    read('logs' in artefact ? recoverDamaged(artefact, choices) : damage(artefact.bytes, choices))
  } catch (error) {
    fail(`${name}: ${describeThrown(error)}`)
    return
  }
  if (performance.now() - startedMs > MAX_ROUND_MS) fail(`${name}: it took too long`)
})

/** Some bytes or words changed, some bytes moved, or the end cut off. */
function damage(bytes: Buffer, choices: Choices): Buffer {
  const damaged = Buffer.from(bytes)
  const count = 1 + Math.floor(choices.next() * 6)
  for (let i = 0; i < count; i++) {
    // Most of what matters stands at the beginning.
    const reach = choices.chance(0.5) ? Math.min(damaged.length, 512) : damaged.length
    const at = Math.floor(choices.next() * Math.max(1, reach - 4))
    if (at + 4 > damaged.length) continue
    if (choices.chance(0.4)) damaged.writeUInt32LE(choices.pick(ODD), at)
    else if (choices.chance(0.5)) damaged[at] = Math.floor(choices.next() * 256)
    else damaged.copyWithin(at, Math.floor(choices.next() * damaged.length), at + 64)
  }
  return choices.chance(0.2) ? damaged.subarray(0, Math.floor(choices.next() * damaged.length)) : damaged
}

/** A hive with what is left of its damaged logs; most have hashes that are right, so that what stands in them is believed. */
function recoverDamaged({ hive, logs }: LoggedHive, choices: Choices): Buffer {
  const bytes = Buffer.from(choices.chance(0.3) ? damage(hive, choices) : hive)
  const opened = Object.entries(logs).map(([name, whole]) => {
    const log = damage(whole, choices)
    if (choices.chance(0.7)) mendLog(log)
    return openHiveLog(name, log)
  })
  const header = readHiveHeader(bytes)
  const usable = opened.filter((log) => log !== undefined && 'header' in log)
  return header ? recoverHive(bytes, header, usable).bytes : bytes
}

function read(bytes: Buffer): void {
  const format = ARTEFACT_FORMATS.find(
    (one) => one.matches(bytes.subarray(0, one.headBytes)) && one.isOurs?.(bytes) !== false,
  )
  if (format) {
    const mapping = planMapping(format, {})
    const writer = new RowWriter(mapping, { times: 'all' })
    format.read(
      bytes,
      new ArtefactSink(
        writer,
        undefined,
        format.times.map(([field]) => field),
      ),
    )
    // Of a jump list without entries there is nothing to say.
    const saysNothing = writer.harvest().read === 0 && bytes.length > 512
    if (saysNothing && !format.name.endsWith('jump-list')) throw new Error('nothing was said of it')
  } else if (MFT_FORMAT.matches(bytes.subarray(0, MFT_FORMAT.headBytes))) readTable(bytes)
}

function readTable(bytes: Buffer): void {
  const mapping = planMapping({ name: 'mft', title: 'table', times: [] }, {})
  const writer = new RowWriter(mapping)
  const paths = Buffer.from('{}')
  const head = Buffer.alloc(4)
  head.writeUInt32LE(paths.length)
  new MftRowReader(writer, { entryBytes: 1024 }, undefined).read(Buffer.concat([head, paths, bytes]), 0)
  if (writer.harvest().read === 0) throw new Error('nothing was said of it')
}
