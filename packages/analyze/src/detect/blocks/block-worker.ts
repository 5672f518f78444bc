/** The thread of `BlockThread`. It imports what looks at texts, not the store: it starts in a fraction of the time. */
import { parentPort } from 'node:worker_threads'
import type { PackedSources } from '@timeskein/store'
import { visitPackedSources } from '@timeskein/store/texts'
import type { BlockWork } from './block-work.ts'
import { type BlockFound, type BlockJob, openBlockWork } from './open-block-work.ts'

/** What the thread is told: a job, blocks for it, or that it is done. */
export type BlockRequest =
  | { readonly id: number; readonly job: BlockJob }
  | { readonly id: number; readonly packed: PackedSources }
  | { readonly id: number }

/** What it answers for blocks. */
export type BlockReply =
  | { readonly found: BlockFound }
  | { readonly error: { readonly message: string; readonly stack: string | undefined } }

const works = new Map<number, BlockWork<BlockFound> | BlockJob>()

parentPort?.on('message', (request: BlockRequest) => {
  if ('job' in request) works.set(request.id, request.job)
  else if (!('packed' in request)) works.delete(request.id)
  else parentPort?.postMessage(answer(request.id, request.packed))
})

function answer(id: number, packed: PackedSources): BlockReply {
  try {
    let work = works.get(id)!
    if ('kind' in work) {
      work = openBlockWork(work)
      works.set(id, work)
    }
    visitPackedSources(packed, work.visit)
    return { found: work.takeFound() }
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    return { error: { message, stack } }
  }
}
