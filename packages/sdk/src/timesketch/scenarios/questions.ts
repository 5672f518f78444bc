import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readMeta, readModels, readObject } from '../wire/envelope.ts'
import { readNumber } from '../wire/record.ts'
import { type Conclusion, type Question, toConclusion, toQuestion } from './question.ts'

/** What can be changed of a question. */
export interface QuestionChange {
  readonly name?: string
  readonly displayName?: string
  readonly description?: string
  readonly status?: 'new' | 'pending-review' | 'verified' | 'rejected'
  readonly priority?: 'low' | 'medium' | 'high'
  readonly attributes?: readonly {
    readonly name: string
    readonly value: string
    readonly ontology?: string
    readonly description?: string
  }[]
}

/** Questions of a sketch, and their answers. */
export class Questions {
  readonly #connection: Connection
  readonly #base: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#base = path`/sketches/${sketchId}/questions/`
  }

  /** Questions that belong to no scenario. */
  async list(options?: CallOptions): Promise<readonly Question[]> {
    return readModels(await this.#connection.get(this.#base, options)).map(toQuestion)
  }

  async get(id: number, options?: CallOptions): Promise<Question> {
    return toQuestion(readObject(await this.#connection.get(this.#base + path`${id}/`, options)))
  }

  /** By a text of one's own, or a template (`Timesketch.questionTemplates`). The caller's question of the same text is taken. */
  async create(
    question:
      | { readonly text: string; readonly scenarioId?: number; readonly facetId?: number }
      | { readonly uuid: string }
      | { readonly dfiqId: string },
    options?: CallOptions,
  ): Promise<Question> {
    return toQuestion(readObject(await this.#connection.post(this.#base, toCreateBody(question), options)))
  }

  async update(id: number, change: QuestionChange, options?: CallOptions): Promise<Question> {
    const { displayName, priority, ...same } = change
    const body = {
      ...same,
      ...(displayName === undefined ? {} : { display_name: displayName }),
      ...(priority === undefined ? {} : { priority: `__ts_priority_${priority}` }),
    }
    return toQuestion(readObject(await this.#connection.post(this.#base + path`${id}/`, body, options)))
  }

  async conclusions(id: number, options?: CallOptions): Promise<readonly Conclusion[]> {
    return readModels(await this.#connection.get(this.#base + path`${id}/conclusions/`, options)).map(
      toConclusion,
    )
  }

  /** A person has one conclusion for a question: a second one takes the place of the first. */
  async addConclusion(
    id: number,
    text: string,
    options: CallOptions & { isAutomated?: boolean } = {},
  ): Promise<{ readonly question: Question; readonly conclusionId: number }> {
    const body = { conclusionText: text, automated: options.isAutomated ?? false }
    const answer = await this.#connection.post(this.#base + path`${id}/conclusions/`, body, options)
    return {
      question: toQuestion(readObject(answer)),
      conclusionId: readNumber(readMeta(answer), 'new_conclusion_id'),
    }
  }

  async editConclusion(
    id: number,
    conclusionId: number,
    text: string,
    options?: CallOptions,
  ): Promise<Question> {
    const place = this.#base + path`${id}/conclusions/${conclusionId}/`
    return toQuestion(readObject(await this.#connection.put(place, { conclusionText: text }, options)))
  }

  async deleteConclusion(id: number, conclusionId: number, options?: CallOptions): Promise<Question> {
    const place = this.#base + path`${id}/conclusions/${conclusionId}/`
    return toQuestion(readObject(await this.#connection.delete(place, options)))
  }
}

function toCreateBody(question: Parameters<Questions['create']>[0]): Record<string, unknown> {
  if ('uuid' in question) return { uuid: question.uuid }
  if ('dfiqId' in question) return { template_id: question.dfiqId }
  return { question_text: question.text, scenario_id: question.scenarioId, facet_id: question.facetId }
}
