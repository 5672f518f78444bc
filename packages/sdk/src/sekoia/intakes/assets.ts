import type { SekoiaAsset, SekoiaAssetDraft } from '@timeskein/model/sekoia'
import type { Listing } from '../../paging/listing.ts'
import { path } from '../../transport/path.ts'
import type { CallOptions, SekoiaConnection } from '../connection/connection.ts'
import type { ListOptions } from '../connection/list-options.ts'

/** Which assets. */
export interface AssetFilter {
  /** Part of the name. */
  readonly search?: string | undefined
  readonly uuids?: readonly string[] | undefined
  readonly type?: SekoiaAsset['type'] | undefined
  readonly category?: string | undefined
  readonly source?: 'manual' | 'automatic' | 'import' | undefined
  readonly reviewed?: boolean | undefined
  /** At least so much. */
  readonly criticality?: number | undefined
}

const PATH = '/v2/asset-management/assets'
const MAX_PAGE = 100

/** Hosts, accounts and networks. */
export class SekoiaAssets {
  readonly #connection: SekoiaConnection

  constructor(connection: SekoiaConnection) {
    this.#connection = connection
  }

  list(options: AssetFilter & ListOptions = {}): Listing<SekoiaAsset, number> {
    const { search, uuids, type, category, source, reviewed, criticality, ...rest } = options
    return this.#connection.list(PATH, rest, {
      maxPageSize: MAX_PAGE,
      query: { search, uuids: uuids?.join(','), type, category, source, reviewed, criticality },
    })
  }

  /** An asset; undefined where there is none of this id. */
  async get(uuid: string, options?: CallOptions): Promise<SekoiaAsset | undefined> {
    return await this.#connection.find(PATH + path`/${uuid}`, options)
  }

  async create(asset: SekoiaAssetDraft, options?: CallOptions): Promise<SekoiaAsset> {
    return await this.#connection.post(PATH, asset, options)
  }

  async delete(uuid: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(PATH + path`/${uuid}`, options)
  }
}
