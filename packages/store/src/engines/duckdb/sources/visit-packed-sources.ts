import type { PackedSources, VisitSource } from '../../../value-reading.ts'
import { unpackSource } from './block-codec.ts'
import type { MakeRoom } from './unpack-frame.ts'

/** Room for unpacked blocks: that of a usual one. */
const MIN_ROOM_BYTES = 160 * 1024

/** Unpacks blocks one after the other, each into the room of the one before. */
export function visitPackedSources({ bytes, blocks, seqs }: PackedSources, visit: VisitSource): void {
  let room = Buffer.alloc(0)
  const takeRoom: MakeRoom = (sizeBytes) => {
    if (sizeBytes > room.length) room = Buffer.allocUnsafeSlow(Math.max(sizeBytes, MIN_ROOM_BYTES))
    return room.subarray(0, sizeBytes)
  }
  let done = 0
  for (const { at, sizeBytes, firstSeq, rowCount } of blocks) {
    const block = unpackSource(bytes.subarray(at, at + sizeBytes), rowCount, takeRoom)
    const start = done
    while (done < seqs.length && seqs[done]! < firstSeq + rowCount) done++
    visit(block, firstSeq, seqs.subarray(start, done))
  }
}
