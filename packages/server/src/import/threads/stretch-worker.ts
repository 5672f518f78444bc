/**
 * A thread that reads stretches: takes a `StretchRequest`, whose bytes nobody else touches until it answers with a `StretchReply`,
 * whose batches lie in memory that both threads share. It imports the two parts it needs, not whole packages: a thread starts in
 * half the time.
 */
import { parentPort } from 'node:worker_threads'
import type { StretchJob } from '@timeskein/ingest/stretch'
import { BatchSpace } from '@timeskein/model/events'
import { type ToldError, tellError } from '../../errors/told-error.ts'
import { type PreparedStretch, StretchPreparer } from './prepare-stretch.ts'

/** What the thread is asked. */
export interface StretchRequest {
  readonly id: number
  readonly job: StretchJob
  /** Memory for what is made of it. */
  readonly room: SharedArrayBuffer | undefined
}

/** What it answers. */
export type StretchReply =
  | {
      readonly id: number
      readonly stretch: PreparedStretch
      /** Memory that nothing but the stretch's batches lies in, large enough for the like of them. */
      readonly room: SharedArrayBuffer
    }
  | { readonly id: number; readonly error: ToldError }

/**
 * Beyond what is asked for, as a part of it: for what comes after it in the same stretch. Of memory that is never written to there
 * is none; of a room left behind for a larger one there is, until some collector comes by.
 */
const SPARE_ROOM = 1
const MIN_ROOM_BYTES: number = 1024 * 1024

let room = new SharedArrayBuffer(0)
const space = new BatchSpace((sizeBytes) => {
  const wanted = Math.ceil((room.byteLength + sizeBytes) * (1 + SPARE_ROOM))
  room = new SharedArrayBuffer(Math.max(wanted, MIN_ROOM_BYTES))
  return room
})
const preparer = new StretchPreparer(space)

parentPort?.on('message', ({ id, job, room: given }: StretchRequest) => {
  try {
    room = given ?? new SharedArrayBuffer(0)
    space.enter(room)
    const stretch = preparer.prepare(job)
    // All that is kept of them lies in the room now: given back at once, they keep no collector busy.
    const { buffer } = job.bytes
    if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
    parentPort?.postMessage({ id, stretch, room } satisfies StretchReply)
  } catch (error) {
    parentPort?.postMessage({ id, error: tellError(error) } satisfies StretchReply)
  }
})
