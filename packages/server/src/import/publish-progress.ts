import type { ServiceContext } from '../services/service-context.ts'
import type { OpenImport } from './import-job.ts'
import type { ImportProgress } from './import-service.ts'

/** Between two tellings of the same phase of an import. */
const PROGRESS_INTERVAL_MS = 500

/** Tells the viewers of a sketch how far an import is, a few times a second at most, until it has ended; never rejects. */
export async function publishProgress(
  context: Pick<ServiceContext, 'db' | 'changes' | 'log'>,
  sketchId: number,
  job: OpenImport,
): Promise<void> {
  try {
    for await (const progress of thinOut(job.watch(), () => performance.now())) {
      const sketch = await context.db
        .selectFrom('sketches')
        .select('revision')
        .where('id', '=', sketchId)
        .executeTakeFirst()
      if (!sketch) return
      context.changes.publish({
        sketchId,
        revision: sketch.revision,
        kind: 'import-progress',
        details: { importId: job.id, timelineId: job.timelineId, ...progress },
      })
    }
  } catch (error) {
    // The import goes on without its viewers; the log may be what fails.
    context.log.debug({ err: error, importId: job.id }, 'progress of an import could not be told')
  }
}

/** Every change of phase, and of what changes within a phase as much as the interval lets through. */
export async function* thinOut(
  all: AsyncIterable<ImportProgress>,
  nowMs: () => number,
): AsyncGenerator<ImportProgress> {
  let phase: ImportProgress['phase'] | undefined
  let toldAtMs = 0
  for await (const progress of all) {
    const atMs = nowMs()
    if (progress.phase === phase && atMs - toldAtMs < PROGRESS_INTERVAL_MS) continue
    phase = progress.phase
    toldAtMs = atMs
    yield progress
  }
}
