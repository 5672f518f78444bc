/**
 * A thread that reads stretches: takes a `StretchRequest`, answers with a `StretchReply`, buffers transferred both ways.
 * It imports the two parts it needs, not whole packages: a thread starts in half the time.
 */
import { parentPort } from 'node:worker_threads'
import type { StretchJob } from '@timeskein/ingest/stretch'
import { listBatchBuffers } from '@timeskein/model'
import { listPreparedBuffers } from '@timeskein/store/prepare-segment'
import { type PreparedStretch, StretchPreparer } from './prepare-stretch.ts'

/** What the thread is asked. */
export interface StretchRequest {
  readonly id: number
  readonly job: StretchJob
}

/** What it answers. */
export type StretchReply =
  | { readonly id: number; readonly stretch: PreparedStretch }
  | { readonly id: number; readonly error: { readonly message: string; readonly stack: string | undefined } }

const preparer = new StretchPreparer()

parentPort?.on('message', ({ id, job }: StretchRequest) => {
  try {
    const stretch = preparer.prepare(job)
    const buffers = new Set<ArrayBuffer>()
    for (const { batch, prepared } of stretch.batches) {
      for (const buffer of listBatchBuffers(batch)) buffers.add(buffer)
      for (const buffer of listPreparedBuffers(prepared)) buffers.add(buffer)
    }
    parentPort?.postMessage({ id, stretch } satisfies StretchReply, [...buffers])
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    parentPort?.postMessage({ id, error: { message, stack } } satisfies StretchReply)
  }
})
