import type { ServiceContext } from '../service-context.ts'
import { insertSearchIndex } from './insert-search-index.ts'
import { withIndexTurn } from './store-cleanup.ts'

/** Makes an index with its record; no removal of what had the same name comes between the two. Returns the record's id. */
export async function makeSearchIndex(
  context: Pick<ServiceContext, 'db' | 'store' | 'now' | 'turns'>,
  input: Omit<Parameters<typeof insertSearchIndex>[1], 'atMs'>,
): Promise<number> {
  return await withIndexTurn(context, input.indexName, async () => {
    await context.store.createIndex(input.indexName)
    return await context.db
      .transaction()
      .execute((transaction) => insertSearchIndex(transaction, { ...input, atMs: context.now() }))
  })
}
