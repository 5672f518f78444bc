import { rm } from 'node:fs/promises'
import type { ServiceContext } from '../../services/service-context.ts'
import type { OpenImport } from '../import-job.ts'

/** Removes the files that are an import's own; never rejects. */
export async function removeTemporary(
  { log }: Pick<ServiceContext, 'log'>,
  { id, request }: Pick<OpenImport, 'id' | 'request'>,
): Promise<void> {
  for (const input of request.inputs) {
    if (!('path' in input && input.isTemporary)) continue
    try {
      await rm(input.path, { force: true })
    } catch (error) {
      log.error({ err: error, importId: id }, 'a temporary input could not be removed')
    }
  }
}
