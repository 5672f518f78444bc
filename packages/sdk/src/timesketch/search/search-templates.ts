import { path } from '../../transport/path.ts'
import type { Client } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { readModels, readObject } from '../wire/envelope.ts'
import { readText } from '../wire/record.ts'
import { Search } from './search.ts'
import { type SearchTemplate, toSearchTemplate } from './search-template.ts'

/** Search templates of a server. */
export class SearchTemplates {
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  async list(options?: CallOptions): Promise<readonly SearchTemplate[]> {
    return readModels(await this.#client.connection.get('/searchtemplates/', options)).map(toSearchTemplate)
  }

  async get(id: number, options?: CallOptions): Promise<SearchTemplate> {
    return toSearchTemplate(
      readObject(await this.#client.connection.get(path`/searchtemplates/${id}/`, options)),
    )
  }

  /** The search of a template in a sketch, its variables filled in. */
  async open(
    id: number,
    sketchId: number,
    variables: Readonly<Record<string, string>> = {},
    options?: CallOptions,
  ): Promise<Search> {
    const { question } = await this.get(id, options)
    const search = new Search(this.#client, sketchId, question)
    if (Object.keys(variables).length === 0) return search
    return search.withQuery(await this.render(id, variables, options))
  }

  /** The query string of a template with its variables filled in. */
  async render(
    id: number,
    variables: Readonly<Record<string, string>>,
    options?: CallOptions,
  ): Promise<string> {
    const answer = await this.#client.connection.ask(path`/searchtemplates/${id}/parse/`, variables, options)
    return readText(readObject(answer), 'query_string')
  }

  /** Makes a template of a saved search. Timesketch itself refuses it and wants YAML files. */
  async create(searchId: number, options?: CallOptions): Promise<SearchTemplate> {
    return toSearchTemplate(
      readObject(await this.#client.connection.post('/searchtemplates/', { search_id: searchId }, options)),
    )
  }

  async delete(id: number, options?: CallOptions): Promise<void> {
    await this.#client.connection.delete(path`/searchtemplates/${id}/`, options)
  }
}
