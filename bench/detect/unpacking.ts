import { zstdDecompressSync } from 'node:zlib'
import type { EventStore } from '@timeskein/store'
import { unpackFrame } from '../../packages/store/src/engines/duckdb/sources/unpack-frame.ts'
import type { Figure } from '../figures.ts'
import { tellStep } from '../tell-step.ts'

const EVENTS = 250_000
const ROUNDS = 3
/** Room for a usual block at once, as `unpackFrame` makes it where its quick way fails. */
const CHUNK_BYTES = 128 * 1024

/** What one context of zstd for all blocks saves beside a new one for each: the case for `unpack-frame.ts`. */
export async function measureUnpacking(store: EventStore): Promise<Figure> {
  tellStep('blocks of sources unpacked')
  const [scope] = (await store.listIndexes()).map(({ index }) => [{ index }])
  using reading = await store.readValues(scope!)
  const [index] = reading.indexes
  const seqs = Uint32Array.from({ length: Math.min(EVENTS, index!.nextSeq) }, (_, seq) => seq)
  const frames: Uint8Array[] = []
  for await (const { bytes, blocks } of index!.packedSources(seqs))
    for (const { at, sizeBytes } of blocks) frames.push(bytes.slice(at, at + sizeBytes))
  let room = Buffer.alloc(0)
  let unpackedBytes = 0
  const shared = (frame: Uint8Array): void => {
    unpackFrame(frame, (sizeBytes) => {
      unpackedBytes += sizeBytes
      if (sizeBytes > room.length) room = Buffer.allocUnsafeSlow(sizeBytes)
      return room.subarray(0, sizeBytes)
    })
  }
  const own = (frame: Uint8Array): unknown => zstdDecompressSync(frame, { chunkSize: CHUNK_BYTES })
  const times = { shared: [] as number[], own: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    times.shared.push(measure(frames, shared))
    times.own.push(measure(frames, own))
  }
  const [ours, other] = [median(times.shared), median(times.own)]
  const note = `processor time for ${(unpackedBytes / ROUNDS / 1e6).toFixed(0)} MB; with a context for each ${other.toFixed(2)} s`
  return { name: 'sources unpacked in one context', ours, unit: 's', note }
}

function measure(frames: readonly Uint8Array[], unpack: (frame: Uint8Array) => void): number {
  const before = process.cpuUsage()
  for (const frame of frames) unpack(frame)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
