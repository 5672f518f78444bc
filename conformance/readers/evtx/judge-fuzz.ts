import { join } from 'node:path'
import { judgeFuzz } from '../fuzz/judge-fuzz.ts'
import type { Report } from '../report.ts'

/** Feeds damaged logs to a process of its own: it must live, go on, stay small, and keep what is in front of the damage. */
export async function judgeEvtxFuzz(seed: number, rounds: number, report: Report): Promise<void> {
  const worker = join(import.meta.dirname, 'fuzz-worker.ts')
  await judgeFuzz(seed, rounds, report, { worker, what: 'damaged logs' })
}
