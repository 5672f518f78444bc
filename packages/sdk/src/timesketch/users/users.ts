import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import { readModels, readObject } from '../wire/envelope.ts'
import { readText, type WireRecord } from '../wire/record.ts'
import { toUser, type User } from './user.ts'

/** Users and groups of a server. */
export class Users {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  async list(options?: CallOptions): Promise<readonly User[]> {
    return readModels(await this.#connection.get('/users/', options)).map(toUser)
  }

  async get(id: number, options?: CallOptions): Promise<User> {
    return toUser(readObject(await this.#connection.get(path`/users/${id}/`, options)))
  }

  /** Who is signed in. */
  async me(options?: CallOptions): Promise<User> {
    return toUser(readObject(await this.#connection.get('/users/me/', options)))
  }

  /** For administrators. A name that is taken gets the new password. */
  async create(user: { username: string; password: string }, options?: CallOptions): Promise<User> {
    return toUser(readObject(await this.#connection.post('/users/', user, options)))
  }

  /** The password of who is signed in. */
  async changePassword(password: string, options?: CallOptions): Promise<void> {
    await this.#connection.post('/users/me/', { password }, options)
  }

  /** What the web interface keeps for who is signed in. */
  async settings(options?: CallOptions): Promise<WireRecord> {
    return readObject(await this.#connection.get('/users/me/settings/', options))
  }

  /** Settings that are not named stay. */
  async changeSettings(
    settings: Readonly<Record<string, unknown>>,
    options?: CallOptions,
  ): Promise<WireRecord> {
    return readObject(await this.#connection.post('/users/me/settings/', { settings }, options))
  }

  /** Names of the groups there are. */
  async groups(options?: CallOptions): Promise<readonly string[]> {
    return readModels(await this.#connection.get('/groups/', options)).map((group) => readText(group, 'name'))
  }
}
