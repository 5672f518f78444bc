import type { MountDialect, ServerApp } from './create-app.ts'

/**
 * A dialect whose code is loaded with the first request under its path: a server that nobody asks in it starts without it and
 * keeps no memory for it.
 */
export interface DialectOnDemand {
  /** What the paths of all its routes begin with, such as `/threatstack`. */
  readonly path: string
  load(): Promise<MountDialect>
}

/** The applications of dialects that are loaded on demand, each built once. */
export class AppsOnDemand {
  readonly #dialects: readonly DialectOnDemand[]
  readonly #build: (mount: MountDialect) => ServerApp
  readonly #apps = new Map<DialectOnDemand, Promise<ServerApp>>()

  constructor(dialects: readonly DialectOnDemand[], build: (mount: MountDialect) => ServerApp) {
    this.#dialects = dialects
    this.#build = build
  }

  /** The application that answers a request, when it is one of these. */
  find(request: Request): Promise<ServerApp> | undefined {
    if (this.#dialects.length === 0) return undefined
    const { pathname } = new URL(request.url)
    const dialect = this.#dialects.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`))
    return dialect && this.#open(dialect)
  }

  /** All of them, loaded. */
  async loadAll(): Promise<readonly ServerApp[]> {
    return await Promise.all(this.#dialects.map((dialect) => this.#open(dialect)))
  }

  #open(dialect: DialectOnDemand): Promise<ServerApp> {
    const open = this.#apps.get(dialect)
    if (open) return open
    const opening = dialect.load().then(this.#build)
    this.#apps.set(dialect, opening)
    // What kept it from being loaded may be gone at the next request.
    opening.catch(() => this.#apps.delete(dialect))
    return opening
  }
}
