import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readFlat, readMeta } from '../wire/envelope.ts'
import { readInstant } from '../wire/instant.ts'
import { readId, readNumber, readRecords, readText, type WireRecord } from '../wire/record.ts'
import { readQuestion, type SearchQuestion } from './question.ts'

/** A search that was made, and those made from it. */
export interface SearchNode {
  readonly id: number
  readonly parentId: number | undefined
  readonly question: SearchQuestion
  readonly description: string
  readonly hitCount: number
  readonly tookMs: number
  readonly createdAt: string | undefined
  readonly children: readonly SearchNode[]
}

/** What the caller has searched for in a sketch. */
export class SearchHistory {
  readonly #connection: Connection
  readonly #sketch: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#sketch = path`/sketches/${sketchId}/`
  }

  /** The latest searches, newest first. */
  async list(options: CallOptions & { limit?: number } = {}): Promise<readonly SearchNode[]> {
    const query = { limit: options.limit }
    return readFlat(await this.#connection.get(`${this.#sketch}searchhistory/`, options, query)).map(toNode)
  }

  /** The searches around the latest one as a tree; undefined when there were none. */
  async tree(options?: CallOptions): Promise<{ root: SearchNode; lastId: number } | undefined> {
    const answer = await this.#connection.get(`${this.#sketch}searchhistorytree/`, options)
    const [root] = readFlat(answer)
    if (!root || !('id' in root)) return undefined
    return { root: toNode(root), lastId: readNumber(readMeta(answer), 'last_node_id') }
  }
}

function toNode(record: WireRecord): SearchNode {
  return {
    id: readId(record),
    parentId: readNumber(record, 'parent') || undefined,
    question: readQuestion(record),
    description: readText(record, 'description'),
    hitCount: readNumber(record, 'query_result_count'),
    tookMs: readNumber(record, 'query_time'),
    createdAt: readInstant(record, 'created_at'),
    children: readRecords(record, 'children').map(toNode),
  }
}
