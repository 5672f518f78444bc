import { isDomainError } from '../../../errors/domain-error.ts'
import type { AppContext, UserCall } from '../../../http/app-types.ts'
import type { ImportJob, ImportStatus } from '../../../import/import-service.ts'
import { sendJson } from '../reply.ts'
import type { TimesketchRouter } from '../router.ts'
import { flat } from '../wire/envelope.ts'

/** An import's status in Celery's words. */
const STATES: Readonly<Record<ImportStatus, string>> = {
  queued: 'PENDING',
  running: 'STARTED',
  done: 'SUCCESS',
  failed: 'FAILURE',
  'rolled-back': 'REVOKED',
}

/** `/tasks/`: imports as Timesketch shows its background tasks (Timesketch 20261014: api/v1/resources/task.py). */
export function routeTasks(router: TimesketchRouter): void {
  router.user('GET', '/tasks/', listTasks)
}

async function listTasks(c: AppContext, call: UserCall): Promise<Response> {
  const jobId = c.req.query('job_id')
  if (!jobId) {
    const jobs = await call.services.imports.listOpen(call.principal)
    const objects = await Promise.all(
      jobs.map(async (job) => {
        const timeline = await call.services.timelines.find(job.timelineId)
        return { ...marshalTask(job.id, job), name: timeline?.name ?? '' }
      }),
    )
    return sendJson(c, flat(objects))
  }
  return sendJson(c, flat([marshalTask(jobId, await findJob(call, jobId))]))
}

/** An import the caller may see; others are as if unknown, and unknown tasks are pending, as with Celery. */
async function findJob(call: UserCall, jobId: string): Promise<ImportJob | undefined> {
  try {
    return await call.services.imports.get(call.principal, jobId)
  } catch (error) {
    if (isDomainError(error) && (error.kind === 'not-found' || error.kind === 'forbidden')) return undefined
    throw error
  }
}

function marshalTask(taskId: string, job: ImportJob | undefined): Record<string, unknown> {
  const isDone = job?.status === 'done'
  return {
    task_id: taskId,
    state: job ? STATES[job.status] : 'PENDING',
    successful: isDone,
    result: isDone ? job.indexName : false,
  }
}
