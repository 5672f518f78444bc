import type {
  ApiAddedConnector,
  ApiConnector,
  ApiConnectorRejects,
  ApiConnectorSecret,
  ApiNewConnector,
  ApiPullReport,
} from '@timeskein/model'
import { path } from '../transport/path.ts'
import type { CallOptions, SendJson } from './skein-client.ts'

/** Platforms that a server pulls from. */
export class Connectors {
  readonly #send: SendJson

  constructor(send: SendJson) {
    this.#send = send
  }

  /** By name. */
  async list(options: CallOptions = {}): Promise<readonly ApiConnector[]> {
    const { connectors } = await this.#send<{ readonly connectors: readonly ApiConnector[] }>({
      method: 'GET',
      path: '/connectors',
      signal: options.signal,
    })
    return connectors
  }

  async get(name: string, options: CallOptions = {}): Promise<ApiConnector> {
    return await this.#send({ method: 'GET', path: path`/connectors/${name}`, signal: options.signal })
  }

  /** Makes one, if its credentials work. */
  async add(connector: ApiNewConnector, options: CallOptions = {}): Promise<ApiAddedConnector> {
    return await this.#send({
      method: 'POST',
      path: '/connectors',
      json: connector,
      signal: options.signal,
    })
  }

  /** What the platform says to the credentials. @throws {ApiError} `connector-refused`. */
  async test(name: string, options: CallOptions = {}): Promise<string> {
    const { verdict } = await this.#send<{ readonly verdict: string }>({
      method: 'POST',
      path: path`/connectors/${name}/test`,
      signal: options.signal,
    })
    return verdict
  }

  /**
   * Gives it other credentials of the same organization, if they work.
   *
   * @returns What the platform says to them. @throws {ApiError} `connector-refused`, `other-account`.
   */
  async setSecret(name: string, secret: ApiConnectorSecret, options: CallOptions = {}): Promise<string> {
    const { verdict } = await this.#send<{ readonly verdict: string }>({
      method: 'PUT',
      path: path`/connectors/${name}/secret`,
      json: secret,
      signal: options.signal,
    })
    return verdict
  }

  /** Items that were put aside, the latest first, with why. */
  async listRejects(name: string, options: CallOptions = {}): Promise<ApiConnectorRejects> {
    return await this.#send({
      method: 'GET',
      path: path`/connectors/${name}/rejects`,
      signal: options.signal,
    })
  }

  /** Ends its pull and forgets its secret; what it brought stays, and is known to one that is added later. */
  async remove(name: string, options: CallOptions = {}): Promise<void> {
    await this.#send({ method: 'DELETE', path: path`/connectors/${name}`, signal: options.signal })
  }

  /**
   * Brings what is new; resolves when it is stored.
   *
   * @param options.since - Where streams begin that were not read yet, or were begun later: a date, or as `now-30d`. It is kept.
   *   @default everything there is
   */
  async pull(name: string, options: CallOptions & { readonly since?: string } = {}): Promise<ApiPullReport> {
    return await this.#send({
      method: 'POST',
      path: path`/connectors/${name}/pull`,
      json: { since: options.since },
      signal: options.signal,
    })
  }
}
