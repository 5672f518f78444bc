import type { ApiRule, ApiRuleAdditions, ApiRuleDetail } from '@timeskein/model'
import { path } from '../transport/path.ts'
import type { CallOptions, SendJson } from './skein-client.ts'

/** Which rules of the library; what is left out does not matter. */
export interface RuleFilter extends CallOptions {
  readonly enabled?: boolean | undefined
  readonly level?: string | undefined
  readonly kind?: string | undefined
  /** Part of title, id, file or a tag, in any case. */
  readonly text?: string | undefined
}

/** A file of Sigma rules. */
export interface RuleFile {
  /** Its name, for messages. */
  readonly file: string
  readonly text: string
}

/** The library of Sigma rules. */
export class Rules {
  readonly #send: SendJson

  constructor(send: SendJson) {
    this.#send = send
  }

  /** In the order they came, page by page. */
  async *list(filter: RuleFilter = {}): AsyncGenerator<ApiRule> {
    const { signal, ...query } = filter
    for (let after: number | undefined; ; ) {
      const page: { rules: ApiRule[]; next?: number } = await this.#send({
        method: 'GET',
        path: '/rules',
        query: { ...query, after },
        signal,
      })
      yield* page.rules
      if (page.next === undefined) return
      after = page.next
    }
  }

  /** Sends files as they are asked for; what is wrong with one rule is told and spoils no other. */
  async add(
    files: AsyncIterable<RuleFile> | Iterable<RuleFile>,
    options: CallOptions = {},
  ): Promise<ApiRuleAdditions> {
    return await this.#send({
      method: 'POST',
      path: '/rules',
      bytes: streamLines(files),
      signal: options.signal,
    })
  }

  /** With its text and the versions before. */
  async get(id: string, options: CallOptions = {}): Promise<ApiRuleDetail> {
    return await this.#send({ method: 'GET', path: path`/rules/${id}`, signal: options.signal })
  }

  async setEnabled(id: string, enabled: boolean, options: CallOptions = {}): Promise<ApiRule> {
    return await this.#send({
      method: 'PATCH',
      path: path`/rules/${id}`,
      json: { enabled },
      signal: options.signal,
    })
  }

  async remove(id: string, options: CallOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: path`/rules/${id}`, signal: options.signal })
  }
}

function streamLines(
  files: AsyncIterable<RuleFile> | Iterable<RuleFile>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder()
  const iterator = Symbol.asyncIterator in files ? files[Symbol.asyncIterator]() : files[Symbol.iterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next()
      if (done) controller.close()
      else {
        const { file, text } = value as RuleFile
        controller.enqueue(encoder.encode(`${JSON.stringify({ file, text })}\n`))
      }
    },
    async cancel() {
      await iterator.return?.()
    },
  })
}
