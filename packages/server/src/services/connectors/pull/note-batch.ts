import type { Kysely, Transaction } from 'kysely'
import type { ConnectorBatchRow } from '../../../db/connector-schema.ts'
import type { Schema } from '../../../db/schema.ts'
import type { ThreadJob } from '../../../db/write-thread/thread-job.ts'
import type { ServiceContext } from '../../service-context.ts'
import { readBatch } from './batch-text.ts'
import type { PullBatch } from './pull-batch.ts'

/**
 * Writes down what is about to be stored, in place of what was. It is on the disk then, and with it all that was stored before. The
 * thread is asked before this returns: what it is asked for next comes behind it, and may wait for this.
 *
 * @param batchText - As `writeBatch` writes it.
 */
export async function noteBatch(
  { writeInThread, syncDatabase }: Pick<ServiceContext, 'writeInThread' | 'syncDatabase'>,
  connectorUid: string,
  { importId }: Pick<PullBatch, 'importId'>,
  batchText: string,
): Promise<void> {
  await writeInThread(NOTE_BATCH, {
    connector_uid: connectorUid,
    import_id: importId,
    payload_json: batchText,
  })
  await syncDatabase()
}

const NOTE_BATCH: ThreadJob<ConnectorBatchRow> = { module: import.meta.url, work: keepBatch }

export async function keepBatch(db: Transaction<Schema>, row: ConnectorBatchRow): Promise<void> {
  await db
    .insertInto('connector_batches')
    .values(row)
    .onConflict((conflict) =>
      conflict.column('connector_uid').doUpdateSet(({ ref }) => ({
        import_id: ref('excluded.import_id'),
        payload_json: ref('excluded.payload_json'),
      })),
    )
    .execute()
}

/** What a pull that was cut off was about to store; undefined where none was. */
export async function loadBatch(db: Kysely<Schema>, connectorUid: string): Promise<PullBatch | undefined> {
  const row = await db
    .selectFrom('connector_batches')
    .select('payload_json')
    .where('connector_uid', '=', connectorUid)
    .executeTakeFirst()
  return row && readBatch(row.payload_json)
}
