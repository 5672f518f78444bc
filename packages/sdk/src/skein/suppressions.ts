import type { ApiNewSuppression, ApiSuppression } from '@timeskein/model'
import { path } from '../transport/path.ts'
import type { CallOptions, SendJson } from './skein-client.ts'

/** What keeps hits from becoming alerts. */
export class Suppressions {
  readonly #send: SendJson

  constructor(send: SendJson) {
    this.#send = send
  }

  /** In the order they were made. @param options.sketch - Those of one sketch only. */
  async list(options: CallOptions & { readonly sketch?: number } = {}): Promise<readonly ApiSuppression[]> {
    const answer = await this.#send<{ readonly suppressions: readonly ApiSuppression[] }>({
      method: 'GET',
      path: '/suppressions',
      query: { sketch: options.sketch },
      signal: options.signal,
    })
    return answer.suppressions
  }

  /** It names a rule, a host, or both; without a sketch it holds everywhere, which administrators may say. */
  async add(suppression: ApiNewSuppression, options: CallOptions = {}): Promise<ApiSuppression> {
    return await this.#send({
      method: 'POST',
      path: '/suppressions',
      json: suppression,
      signal: options.signal,
    })
  }

  async remove(id: string, options: CallOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: path`/suppressions/${id}`, signal: options.signal })
  }
}
