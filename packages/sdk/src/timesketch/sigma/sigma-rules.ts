import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readFlat, readObject } from '../wire/envelope.ts'
import { readInstant } from '../wire/instant.ts'
import { readOptionalText, readRecord, readText, readTexts, type WireRecord } from '../wire/record.ts'

/** A Sigma rule of a server. What a call does not give is empty: the list has no query, for one. */
export interface SigmaRule {
  /** The rule's own id; '' for a text without one. */
  readonly uuid: string
  readonly title: string
  readonly description: string
  /** stable, test, experimental …; only stable ones are run by the analyzer. */
  readonly status: string
  readonly level: string
  readonly author: string
  readonly date: string
  readonly modified: string
  readonly logSource: WireRecord
  readonly detection: WireRecord
  readonly references: readonly string[]
  readonly falsePositives: readonly string[]
  readonly tags: readonly string[]
  /** The query it was turned into. */
  readonly searchQuery: string | undefined
  readonly yaml: string | undefined
  readonly createdAt: string | undefined
  readonly updatedAt: string | undefined
  /** Everything the server said of it, keys of the rule that have no place above among them. */
  readonly raw: WireRecord
}

/** Sigma rules of a server. */
export class SigmaRules {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async list(options?: CallOptions): Promise<readonly SigmaRule[]> {
    return readFlat(await this.#connection.get('/sigmarules/', options)).map(toSigmaRule)
  }

  async get(uuid: string, options?: CallOptions): Promise<SigmaRule> {
    return toSigmaRule(readObject(await this.#connection.get(path`/sigmarules/${uuid}/`, options)))
  }

  /** Refused (403) when there is one with its id. */
  async create(yaml: string, options?: CallOptions): Promise<SigmaRule> {
    const { uuid } = toSigmaRule(
      readObject(await this.#connection.post('/sigmarules/', { rule_yaml: yaml }, options)),
    )
    return await this.get(uuid, options)
  }

  /** The id in the text must be this one. */
  async update(uuid: string, yaml: string, options?: CallOptions): Promise<SigmaRule> {
    await this.#connection.put(path`/sigmarules/${uuid}/`, { rule_yaml: yaml }, options)
    return await this.get(uuid, options)
  }

  async delete(uuid: string, options?: CallOptions): Promise<void> {
    await this.#connection.delete(path`/sigmarules/${uuid}/`, options)
  }

  /** What a text would become, without storing it. */
  async parse(yaml: string, options?: CallOptions): Promise<SigmaRule> {
    return toSigmaRule(
      readObject(await this.#connection.ask('/sigmarules/text/', { content: yaml }, options)),
    )
  }
}

function toSigmaRule(record: WireRecord): SigmaRule {
  return {
    uuid: readText(record, 'rule_uuid') || readText(record, 'id'),
    title: readText(record, 'title'),
    description: readText(record, 'description'),
    status: readText(record, 'status'),
    level: readText(record, 'level'),
    author: readText(record, 'author'),
    date: readText(record, 'date'),
    modified: readText(record, 'modified'),
    logSource: readRecord(record, 'logsource'),
    detection: readRecord(record, 'detection'),
    references: readTexts(record, 'references'),
    falsePositives: readTexts(record, 'falsepositives'),
    tags: readTexts(record, 'tags'),
    searchQuery: readOptionalText(record, 'search_query') ?? readOptionalText(record, 'query_string'),
    yaml: readOptionalText(record, 'rule_yaml'),
    createdAt: readInstant(record, 'created_at'),
    updatedAt: readInstant(record, 'updated_at'),
    raw: record,
  }
}
