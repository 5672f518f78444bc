import { type IndexReading, Turns } from '@timeskein/store'
import { visitPackedSources } from '@timeskein/store/texts'
import type { BlockThread } from './block-thread.ts'
import type { BlockWork } from './block-work.ts'
import { type BlockFound, type BlockJob, openBlockWork } from './open-block-work.ts'

/** How work on blocks is shared. */
export interface BlockSharing {
  /** @default none: all is done by the thread that asks */
  readonly thread: BlockThread | undefined
  /** Whether the thread that asks has other work now: then it does none of this one where there is another thread. */
  readonly leaves: () => boolean
  readonly signal: AbortSignal | undefined
}

/**
 * Reads the blocks that hold some rows and does a job on them, in one or two threads.
 *
 * @param seqs - Row numbers in the index, ascending.
 * @returns What was found, block after block.
 */
export async function runBlockWork<Job extends BlockJob>(
  index: IndexReading,
  seqs: Uint32Array,
  job: Job,
  { thread, leaves, signal }: BlockSharing,
): Promise<readonly BlockFound<Job>[]> {
  const found: (BlockFound<Job> | Promise<BlockFound<Job>>)[] = []
  const turns = new Turns()
  let own: BlockWork<BlockFound<Job>> | undefined
  const id = thread?.open(job)
  try {
    for await (const packed of index.packedSources(seqs, signal)) {
      if (turns.isDue) await turns.giveWay()
      if (leaves()) await thread?.waitForRoom()
      if (thread?.hasRoom) {
        // The thread answers with what the job asks for.
        found.push(thread.run(id!, packed) as Promise<BlockFound<Job>>)
        continue
      }
      own ??= openBlockWork(job)
      visitPackedSources(packed, own.visit)
      found.push(own.takeFound())
    }
    return await Promise.all(found)
  } finally {
    if (id !== undefined) thread?.close(id)
  }
}
