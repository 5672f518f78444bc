import { Asker } from './ask/asker.ts'
import { type DuckDbStoreOptions, WritingStore } from './writing-store.ts'

/** Both halves of the embedded store over one DuckDB instance; disposing of the writing half closes it. */
export interface Engine {
  readonly writing: WritingStore
  readonly asker: Asker
}

/** Starts DuckDB for the index files of a directory. */
export async function openEngine(options: DuckDbStoreOptions): Promise<Engine> {
  const { resultCacheBytes } = options
  const writing = await WritingStore.open(options)
  return {
    writing,
    asker: new Asker(writing.files, resultCacheBytes === undefined ? {} : { resultCacheBytes }),
  }
}
