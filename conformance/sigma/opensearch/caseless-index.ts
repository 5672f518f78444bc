const INDEX = 'sigma'
const BULK_EVENTS = 1000
/** Letters of the longest value that a term of the index may be, in any script. */
const MAX_LETTERS = 8000

/**
 * Every value is one term in lower case, whatever its type: as rules are about values, case aside. Longer ones than a term may be are
 * left out of the index.
 */
const MAPPING = {
  date_detection: false,
  dynamic_templates: ['string', 'long', 'double', 'boolean'].map((type) => ({
    [type]: {
      match_mapping_type: type,
      mapping: { type: 'keyword', normalizer: 'lowercase', ignore_above: MAX_LETTERS },
    },
  })),
}

/** An index of a real OpenSearch node that holds events for rules of Sigma. */
export class CaselessIndex {
  readonly #url: string

  private constructor(url: string) {
    this.#url = url
  }

  /**
   * Makes the index and puts events into it, each under its place among them.
   *
   * @throws {Error} When the node refuses one.
   */
  static async fill(url: string, rows: readonly string[]): Promise<CaselessIndex> {
    await call(`${url}/${INDEX}`, 'PUT', {
      settings: {
        number_of_shards: 1,
        number_of_replicas: 0,
        'index.mapping.total_fields.limit': 20_000,
        'index.max_result_window': 10_000,
      },
      mappings: MAPPING,
    })
    for (let start = 0; start < rows.length; start += BULK_EVENTS) {
      const lines = rows
        .slice(start, start + BULK_EVENTS)
        .map((row, at) => `${JSON.stringify({ index: { _id: String(start + at) } })}\n${row}\n`)
      const { errors, items } = (await call(
        `${url}/${INDEX}/_bulk?filter_path=errors,items.*.error`,
        'POST',
        lines.join(''),
      )) as { readonly errors: boolean; readonly items?: unknown }
      if (errors) throw new Error(`OpenSearch refused events: ${JSON.stringify(items).slice(0, 500)}`)
    }
    await call(`${url}/${INDEX}/_refresh`, 'POST', '')
    return new CaselessIndex(url)
  }

  /** Places of the events that some of the query strings finds, ascending; or, as a text, why the node refuses one. */
  async find(queries: readonly string[]): Promise<readonly number[] | string> {
    const found = new Set<number>()
    for (const query of queries) {
      const response = await fetch(
        `${this.#url}/${INDEX}/_search?filter_path=hits.hits._id,error.root_cause`,
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            size: 10_000,
            _source: false,
            query: { query_string: { query, analyze_wildcard: true } },
          }),
        },
      )
      const answer = (await response.json()) as {
        readonly hits?: { readonly hits: readonly { readonly _id: string }[] }
        readonly error?: unknown
      }
      if (answer.error) return JSON.stringify(answer.error)
      for (const { _id } of answer.hits?.hits ?? []) found.add(Number(_id))
    }
    return [...found].sort((a, b) => a - b)
  }
}

async function call(url: string, method: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': typeof body === 'string' ? 'application/x-ndjson' : 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  if (!response.ok)
    throw new Error(`OpenSearch answered ${response.status} to ${method} ${url}: ${text.slice(0, 500)}`)
  return JSON.parse(text)
}
