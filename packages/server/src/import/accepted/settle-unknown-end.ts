import type { ServiceContext } from '../../services/service-context.ts'
import type { OpenImport } from '../import-job.ts'
import { removeTemporary } from '../input/remove-temporary.ts'
import { findImportRow } from '../log/import-log.ts'
import { settleImport } from '../log/recover-imports.ts'
import type { TurnEnd } from '../run-import.ts'

/**
 * Asks the store once more what it has of an accepted import whose commit failed, when it could not say whether that is stored.
 *
 * @returns `unknown` where it still cannot.
 */
export async function settleUnknownEnd(
  context: ServiceContext,
  job: OpenImport,
  uploadsDirectory: string,
): Promise<TurnEnd> {
  try {
    const row = await findImportRow(context.db, job.id)
    const status = row && (await settleImport(context, row, uploadsDirectory)).status
    if (status === 'queued') return 'queued'
    // What was given up is kept as long as the next start says so.
    if (status !== 'rolled-back') await removeTemporary(context, job)
    return 'ended'
  } catch (error) {
    context.log.warn({ err: error, importId: job.id }, 'whether a commit is stored is still not known')
    return 'unknown'
  }
}
