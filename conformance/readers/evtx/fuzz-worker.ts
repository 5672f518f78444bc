import { Buffer } from 'node:buffer'
import { ChunkSource, PeekableSource } from '../../../packages/ingest/src/containers/byte-source.ts'
import { EVTX_FORMAT } from '../../../packages/ingest/src/evtx/evtx-format.ts'
import { CHUNK_BYTES, CHUNK_HEADER_BYTES } from '../../../packages/ingest/src/evtx/limits.ts'
import { makeChunks, makeLog, sealChunk } from '../../../packages/ingest/src/evtx/testing/evtx-writer.ts'
import { StretchRunner, type StretchSettings } from '../../../packages/ingest/src/pipeline/stretch.ts'
import type { Choices } from '../../opensearch/random.ts'
import { type FuzzRound, findFault, fuzzRounds, ODD } from '../fuzz/fuzz-rounds.ts'
import { makeVariedRecords } from './varied-records.ts'

/**
 * Damages chunks in ways that a seed chooses, reads each and looks at the account. Prints what it found after each hundred rounds.
 * Usage: fuzz-worker.ts SEED ROUNDS
 */
const RECORDS = 30

const chunks = [0, 1, 2, 3].map((i) => {
  const records = makeVariedRecords(RECORDS * 4).slice(i * RECORDS, (i + 1) * RECORDS)
  return makeChunks(records)[0]!
})
const settings = [await planLog(false), await planLog(true)]
const runner = new StretchRunner()

await fuzzRounds(({ choices, fail }) => {
  const chunk = Buffer.from(choices.pick(chunks))
  const places = listRecords(chunk)
  const firstDamage = damage(chunk, choices)
  if (choices.chance(0.5)) sealChunk(chunk)
  check(chunk, places, firstDamage, choices.chance(0.3) ? 1 : 0, fail)
})

function check(
  chunk: Buffer,
  places: readonly Place[],
  firstDamage: number,
  mode: 0 | 1,
  fail: FuzzRound['fail'],
): void {
  const bytes = new Uint8Array(chunk)
  const result = runner.run({
    textId: String(mode),
    settings: settings[mode]!,
    bytes,
    startLine: 0,
    place: 'top',
    isLast: true,
  })
  let kept = 0
  const ids = new Set<number>()
  for (const batch of result.batches) {
    kept += batch.rowCount
    for (const line of batch.lines) ids.add(line)
    for (let row = 0; row < batch.rowCount; row++) {
      const { bytes: text, offsets } = batch.source
      JSON.parse(
        new TextDecoder('utf-8', { fatal: true }).decode(text.subarray(offsets[row], offsets[row + 1])),
      )
    }
  }
  const fault = findFault(result.rejects)
  if (fault !== undefined) fail(fault)
  if (result.read !== kept + result.rejects.length)
    fail(`${result.read} read, ${kept} kept, ${result.rejects.length} rejected`)
  if (firstDamage < CHUNK_HEADER_BYTES) return
  for (const { id, end } of places)
    if (end <= firstDamage && !ids.has(id))
      fail(`record ${id} in front of the damage at ${firstDamage} is lost`)
}

interface Place {
  readonly id: number
  readonly end: number
}

function listRecords(chunk: Buffer): Place[] {
  const places: Place[] = []
  for (let at = CHUNK_HEADER_BYTES; chunk.readUInt32LE(at) === 0x2a2a; at += chunk.readUInt32LE(at + 4))
    places.push({ id: Number(chunk.readBigUInt64LE(at + 8)), end: at + chunk.readUInt32LE(at + 4) })
  return places
}

/** Changes a chunk in one to four places; returns the first. */
function damage(chunk: Buffer, choices: Choices): number {
  const used = chunk.readUInt32LE(48)
  let first = CHUNK_BYTES
  for (let change = choices.between(1, 4); change > 0; change--) {
    const at = choices.chance(0.1)
      ? choices.between(0, CHUNK_HEADER_BYTES - 1)
      : choices.between(CHUNK_HEADER_BYTES, used)
    const size = Math.min(choices.between(1, 64), chunk.length - at)
    first = Math.min(first, at)
    switch (choices.between(0, 5)) {
      case 0:
        chunk[at] = chunk[at]! ^ (1 << choices.between(0, 7))
        break
      case 1:
        for (let i = at; i < at + size; i++) chunk[i] = choices.between(0, 255)
        break
      case 2:
        chunk.fill(0, at, at + size * 10)
        break
      case 3:
        if (at + 4 <= chunk.length) chunk.writeUInt32LE(choices.pick(ODD), at)
        break
      case 4: {
        // Bytes of elsewhere, which look like what belongs here.
        const from = choices.between(CHUNK_HEADER_BYTES, used)
        chunk.copyWithin(at, from, Math.min(from + size * 8, chunk.length))
        break
      }
      default:
        chunk.fill(0xff, at, at + size)
    }
  }
  return first
}

async function planLog(carve: boolean): Promise<StretchSettings> {
  const source = new ChunkSource(
    (async function* () {
      yield makeLog([])
    })(),
  )
  const plan = await EVTX_FORMAT.plan('fuzz', new PeekableSource(source), { carve }, {})
  return plan.settings
}
