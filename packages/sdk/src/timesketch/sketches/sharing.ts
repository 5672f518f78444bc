import { path } from '../../transport/path.ts'
import type { CallOptions } from '../connection/call-options.ts'
import type { Connection } from '../connection/connection.ts'
import type { Permission } from './sketch-detail.ts'
import { toSketchDetail } from './sketch-detail.ts'

/** Who, and what. */
export interface Grant {
  readonly users?: readonly string[]
  readonly groups?: readonly string[]
  /** @default read and write when giving, everything when taking */
  readonly permissions?: readonly Permission[]
}

/** Who may do what with a sketch. `Sketch.get` says how it is. */
export class Sharing {
  readonly #connection: Connection
  readonly #sketch: string

  constructor(connection: Connection, sketchId: number) {
    this.#connection = connection
    this.#sketch = path`/sketches/${sketchId}/`
  }

  async grant(grant: Grant, options?: CallOptions): Promise<void> {
    await this.#change({ users: grant.users ?? [], groups: grant.groups ?? [] }, grant.permissions, options)
  }

  async revoke(grant: Grant, options?: CallOptions): Promise<void> {
    const body = { remove_users: grant.users ?? [], remove_groups: grant.groups ?? [] }
    await this.#change(body, grant.permissions, options)
  }

  /** Everybody may read it, or those only who are named. */
  async setPublic(isPublic: boolean, options?: CallOptions): Promise<void> {
    await this.#connection.post(`${this.#sketch}collaborators/`, { public: String(isPublic) }, options)
  }

  // A server takes public reading away from every body that does not give it, so it is looked up and said again.
  async #change(
    body: Readonly<Record<string, unknown>>,
    permissions: readonly Permission[] | undefined,
    options: CallOptions | undefined,
  ): Promise<void> {
    const { isPublic } = toSketchDetail(await this.#connection.get(this.#sketch, options))
    const json = {
      ...body,
      public: String(isPublic),
      ...(permissions ? { permissions: JSON.stringify(permissions) } : {}),
    }
    await this.#connection.post(`${this.#sketch}collaborators/`, json, options)
  }
}
