import { join } from 'node:path'
import { judgeFuzz } from '../fuzz/judge-fuzz.ts'
import type { Report } from '../report.ts'

/** Feeds damaged storage files to a process of its own: it must live, go on, stay small, and account for what it reads. */
export async function judgePlasoFuzz(seed: number, rounds: number, report: Report): Promise<void> {
  const worker = join(import.meta.dirname, 'fuzz-worker.ts')
  await judgeFuzz(seed, rounds, report, { worker, what: 'damaged storage files' })
}
