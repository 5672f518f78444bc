import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readBare } from '../wire/envelope.ts'
import { readRecords, readText, toRecords, type WireRecord } from '../wire/record.ts'

/** An aggregator that a server has, with the parameters it takes. */
export interface AggregatorInfo {
  readonly name: string
  readonly displayName: string
  readonly description: string
  readonly parameters: readonly { readonly name: string; readonly description: string }[]
}

/** Aggregators of a server. */
export class Aggregators {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async list(options?: CallOptions): Promise<readonly AggregatorInfo[]> {
    return toRecords(await this.#connection.get('/aggregation/info/', options)).map(toAggregatorInfo)
  }

  async get(name: string, options?: CallOptions): Promise<AggregatorInfo> {
    return toAggregatorInfo(
      readBare(await this.#connection.ask('/aggregation/info/', { aggregator: name }, options)),
    )
  }
}

function toAggregatorInfo(record: WireRecord): AggregatorInfo {
  return {
    name: readText(record, 'name'),
    displayName: readText(record, 'display_name'),
    description: readText(record, 'description'),
    parameters: readRecords(record, 'fields').map((field) => ({
      name: readText(field, 'name'),
      description: readText(field, 'description'),
    })),
  }
}
