import { AnswerError } from '../../errors/answer-error.ts'
import { path } from '../../transport/path.ts'
import type { Client } from '../client.ts'
import type { CallOptions } from '../connection/call-options.ts'
import { readMeta, readModels, readObject } from '../wire/envelope.ts'
import { readFlag } from '../wire/record.ts'
import type { SearchQuestion } from './question.ts'
import { type SavedSearch, saveQuestion, toSavedSearch } from './saved-search.ts'
import { Search } from './search.ts'

/** Searches that are kept in a sketch. */
export class SavedSearches {
  readonly #client: Client
  readonly #sketchId: number

  constructor(client: Client, sketchId: number) {
    this.#client = client
    this.#sketchId = sketchId
  }

  async list(options?: CallOptions): Promise<readonly SavedSearch[]> {
    return readModels(await this.#client.connection.get(this.#place(), options)).map(toSavedSearch)
  }

  /** @throws {AnswerError} For one that was deleted. */
  async get(id: number, options?: CallOptions): Promise<SavedSearch> {
    const place = this.#place() + path`${id}/`
    const answer = await this.#client.connection.get(place, options)
    if (readFlag(readMeta(answer), 'deleted'))
      throw new AnswerError(`GET ${place}`, 'a saved search', 'a deleted one')
    return toSavedSearch(readObject(answer))
  }

  /** The first one of that name; undefined when there is none. */
  async find(name: string, options?: CallOptions): Promise<SavedSearch | undefined> {
    return (await this.list(options)).find((saved) => saved.name === name)
  }

  /** The search that one keeps, to be run. */
  async open(id: number, options?: CallOptions): Promise<Search> {
    return new Search(this.#client, this.#sketchId, (await this.get(id, options)).question)
  }

  async create(
    saved: { name: string; description?: string },
    question: SearchQuestion,
    options?: CallOptions,
  ): Promise<SavedSearch> {
    return await saveQuestion(this.#client.connection, this.#sketchId, saved, question, options)
  }

  /** What is not named stays. */
  async update(
    id: number,
    change: { name?: string; description?: string; question?: SearchQuestion },
    options?: CallOptions,
  ): Promise<SavedSearch> {
    const { question, ...before } = await this.get(id, options)
    const { name = before.name, description = before.description } = change
    const saved = { id, name, description }
    return await saveQuestion(
      this.#client.connection,
      this.#sketchId,
      saved,
      change.question ?? question,
      options,
    )
  }

  async delete(id: number, options?: CallOptions): Promise<void> {
    await this.#client.connection.delete(this.#place() + path`${id}/`, options)
  }

  #place(): string {
    return path`/sketches/${this.#sketchId}/views/`
  }
}
