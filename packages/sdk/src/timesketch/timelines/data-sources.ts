import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readFlat, readObject } from '../wire/envelope.ts'
import { type DataSource, toDataSource } from './data-source.ts'

/** Where the events of a sketch come from. */
export class DataSources {
  readonly #connection: Connection
  readonly #base: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#base = path`/sketches/${sketchId}/datasource/`
  }

  /** A server of Timesketch fails at it; `Timeline.dataSources` has them too. */
  async list(options?: CallOptions): Promise<readonly DataSource[]> {
    return readFlat(await this.#connection.get(this.#base, options)).map(toDataSource)
  }

  async get(id: number, options?: CallOptions): Promise<DataSource> {
    return toDataSource(readObject(await this.#connection.get(this.#base + path`${id}/`, options)))
  }

  async create(
    source: {
      timelineId: number
      provider?: string
      context?: string
      dataLabel?: string
      originalFilename?: string
    },
    options?: CallOptions,
  ): Promise<DataSource> {
    const body = {
      timeline_id: source.timelineId,
      provider: source.provider ?? 'N/A',
      context: source.context ?? 'N/A',
      data_label: source.dataLabel ?? 'data',
      original_filename: source.originalFilename ?? '',
    }
    return toDataSource(readObject(await this.#connection.post(this.#base, body, options)))
  }

  async update(
    id: number,
    change: { provider?: string; context?: string },
    options?: CallOptions,
  ): Promise<DataSource> {
    return toDataSource(readObject(await this.#connection.post(this.#base + path`${id}/`, change, options)))
  }
}
