import { openVerifyWork, type RowsVerified, type VerifyJob } from '../rows/verify-work.ts'
import { type LongTextJob, type LongTextsFound, openLongTextWork } from '../settle/long-text-work.ts'
import type { BlockWork } from './block-work.ts'

/** What is to be done with blocks of sources, in plain data. */
export type BlockJob = LongTextJob | VerifyJob

/** What was found in some blocks, in plain data. */
export type BlockFound<Job extends BlockJob = BlockJob> = Job extends LongTextJob
  ? LongTextsFound
  : RowsVerified

/** Makes ready what a job needs. */
export function openBlockWork<Job extends BlockJob>(job: Job): BlockWork<BlockFound<Job>> {
  const work = job.kind === 'long-texts' ? openLongTextWork(job) : openVerifyWork(job)
  // Of the job's own kind, which is what was asked for.
  return work as BlockWork<BlockFound<Job>>
}
