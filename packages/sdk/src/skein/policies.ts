import type { ApiNewPolicy, ApiPolicy, ApiPolicyChange } from '@timeskein/model'
import { path } from '../transport/path.ts'
import type { CallOptions, SendJson } from './skein-client.ts'

/** Named sets of rules. */
export class Policies {
  readonly #send: SendJson

  constructor(send: SendJson) {
    this.#send = send
  }

  /** By name. */
  async list(options: CallOptions = {}): Promise<readonly ApiPolicy[]> {
    const answer = await this.#send<{ readonly policies: readonly ApiPolicy[] }>({
      method: 'GET',
      path: '/policies',
      signal: options.signal,
    })
    return answer.policies
  }

  async get(id: string, options: CallOptions = {}): Promise<ApiPolicy> {
    return await this.#send({ method: 'GET', path: path`/policies/${id}`, signal: options.signal })
  }

  async create(policy: ApiNewPolicy, options: CallOptions = {}): Promise<ApiPolicy> {
    return await this.#send({ method: 'POST', path: '/policies', json: policy, signal: options.signal })
  }

  /** What is left out stays as it is; rules are all its rules from then on. */
  async update(id: string, change: ApiPolicyChange, options: CallOptions = {}): Promise<ApiPolicy> {
    return await this.#send({
      method: 'PATCH',
      path: path`/policies/${id}`,
      json: change,
      signal: options.signal,
    })
  }

  /** The rules stay. */
  async delete(id: string, options: CallOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: path`/policies/${id}`, signal: options.signal })
  }
}
