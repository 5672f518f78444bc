import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readMeta, readModels, readObject } from '../wire/envelope.ts'
import { readFlag, readTexts } from '../wire/record.ts'
import { type SearchIndex, toSearchIndex } from './search-index.ts'

/** An index with what is in it. */
export interface SearchIndexDetail extends SearchIndex {
  /** Names of its fields. */
  readonly fields: readonly string[]
  /** Its events say which timeline they belong to. */
  readonly hasTimelineId: boolean
}

/** Indices of a server that who is signed in can read. */
export class SearchIndices {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async list(options?: CallOptions): Promise<readonly SearchIndex[]> {
    return readModels(await this.#connection.get('/searchindices/', options)).map(toSearchIndex)
  }

  async get(id: number, options?: CallOptions): Promise<SearchIndexDetail> {
    const answer = await this.#connection.get(path`/searchindices/${id}/`, options)
    const meta = readMeta(answer)
    return {
      ...toSearchIndex(readObject(answer)),
      fields: readTexts(meta, 'fields'),
      hasTimelineId: readFlag(meta, 'contains_timeline_id'),
    }
  }

  /** Makes an index known; one with this name in the datastore is taken as it is. */
  async create(
    index: { name: string; indexName: string; isPublic?: boolean },
    options?: CallOptions,
  ): Promise<SearchIndex & { readonly isNew: boolean }> {
    const body = {
      searchindex_name: index.name,
      es_index_name: index.indexName,
      public: index.isPublic ?? false,
    }
    const answer = await this.#connection.post('/searchindices/', body, options)
    return { ...toSearchIndex(readObject(answer)), isNew: readFlag(readMeta(answer), 'created') }
  }

  async update(
    id: number,
    change: { status?: 'ready' | 'fail' | 'processing' | 'timeout'; description?: string },
    options?: CallOptions,
  ): Promise<SearchIndex> {
    return toSearchIndex(
      readObject(await this.#connection.post(path`/searchindices/${id}/`, change, options)),
    )
  }

  /** Refused while a sketch uses it. */
  async delete(id: number, options?: CallOptions): Promise<void> {
    await this.#connection.delete(path`/searchindices/${id}/`, options)
  }
}
