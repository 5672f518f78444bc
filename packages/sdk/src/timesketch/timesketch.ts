import type { FileAccess } from '../files/file-access.ts'
import type { ArrowCodec } from '../table/arrow.ts'
import type { ParquetCodec } from '../table/parquet.ts'
import { DEFAULT_RETRY_COUNT } from '../transport/transport.ts'
import { Aggregators } from './aggregations/aggregators.ts'
import type { Client } from './client.ts'
import type { CallOptions } from './connection/call-options.ts'
import { Connection } from './connection/connection.ts'
import { readServerUrl } from './connection/server-url.ts'
import { Session } from './connection/session.ts'
import { type GraphPlugin, toGraphPlugin } from './graphs/graphs.ts'
import { SearchIndices } from './indices/search-indices.ts'
import { type DfiqTemplate, toDfiqTemplate } from './scenarios/dfiq-template.ts'
import { SearchTemplates } from './search/search-templates.ts'
import { SigmaRules } from './sigma/sigma-rules.ts'
import type { Auth } from './sign-in/auth.ts'
import { toSignInMethod } from './sign-in/sign-in.ts'
import type { Sketch } from './sketches/sketch.ts'
import { Sketches } from './sketches/sketches.ts'
import { Tasks } from './tasks.ts'
import { Users } from './users/users.ts'
import { readBare, readFlat, readMeta } from './wire/envelope.ts'
import { readOptionalText, readText, toRecords, type WireRecord } from './wire/record.ts'

/** Which server, and who asks. */
export interface ConnectOptions extends CallOptions {
  /** Address of the server, with or without a slash at its end. */
  readonly url: string
  readonly auth: Auth
  /** Tries after the first, of requests that may be repeated. @default 2 */
  readonly retryCount?: number | undefined
  /** Milliseconds for a call, unless it says otherwise. @default 300,000 */
  readonly timeoutMs?: number | undefined
  /** For tests, proxies and calling a server in process. @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Makes tables: the module `@uwdata/flechette`. */
  readonly arrow?: ArrowCodec | undefined
  /** Writes Parquet files: the module `hyparquet-writer`. */
  readonly parquet?: ParquetCodec | undefined
  /** Files of the machine; `@timeskein/sdk/node` gives them. */
  readonly files?: FileAccess | undefined
}

/** Five minutes: a search of Timesketch may take that long. */
const DEFAULT_TIMEOUT_MS = 300_000

/**
 * A client of a Timesketch server, or of one that speaks its API. Every call throws `ApiError` for a refusal, `ConnectionError` when
 * no answer comes, `TimeLimitError` when it takes too long, `SignInError` when the server does not let the caller in.
 *
 * @example
 * const timesketch = await Timesketch.connect({
 *   url: 'https://timesketch.example',
 *   auth: { kind: 'password', username: 'analyst', password },
 * })
 * const sketch = await timesketch.sketches.create({ name: 'case' })
 * for await (const event of sketch.search('powershell').starred()) console.log(event.fields['message'])
 */
export class Timesketch implements AsyncDisposable {
  readonly sketches: Sketches
  readonly users: Users
  readonly indices: SearchIndices
  readonly searchTemplates: SearchTemplates
  readonly aggregators: Aggregators
  readonly sigmaRules: SigmaRules
  readonly tasks: Tasks
  readonly #connection: Connection

  private constructor(client: Client) {
    const { connection } = client
    this.#connection = connection
    this.sketches = new Sketches(client)
    this.users = new Users(connection)
    this.indices = new SearchIndices(connection)
    this.searchTemplates = new SearchTemplates(client)
    this.aggregators = new Aggregators(connection)
    this.sigmaRules = new SigmaRules(connection)
    this.tasks = new Tasks(connection)
  }

  /** Signs in. @throws {ConfigError} For an address that is none. @throws {SignInError} @throws {ConnectionError} */
  static async connect(options: ConnectOptions): Promise<Timesketch> {
    const fetch = options.fetch ?? globalThis.fetch.bind(globalThis)
    const method = toSignInMethod(options.auth, fetch)
    const session = new Session(readServerUrl(options.url), fetch, method.authorization)
    const connection = new Connection({
      session,
      signIn: method.signIn,
      canSignInAgain: method.canSignInAgain,
      retryCount: options.retryCount ?? DEFAULT_RETRY_COUNT,
      timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    })
    await connection.signIn({ signal: options.signal })
    const { arrow, parquet, files } = options
    return new Timesketch({ connection, arrow, parquet, files })
  }

  /** Address of the server, without a slash at its end. */
  get url(): string {
    return this.#connection.url
  }

  /** The sketch of that id, without asking for it. */
  sketch(id: number): Sketch {
    return this.sketches.open(id)
  }

  /** Versions of the server and of the Plaso it has. */
  async version(
    options?: CallOptions,
  ): Promise<{ readonly server: string; readonly plaso: string | undefined }> {
    const meta = readMeta(await this.#connection.get('/version/', options))
    return { server: readText(meta, 'version'), plaso: readOptionalText(meta, 'plaso_version') }
  }

  /** What the server has switched on. */
  async settings(options?: CallOptions): Promise<WireRecord> {
    return readBare(await this.#connection.get('/settings/', options))
  }

  async scenarioTemplates(options?: CallOptions): Promise<readonly DfiqTemplate[]> {
    return readFlat(await this.#connection.get('/scenarios/', options)).map(toDfiqTemplate)
  }

  async questionTemplates(options?: CallOptions): Promise<readonly DfiqTemplate[]> {
    return readFlat(await this.#connection.get('/questions/', options)).map(toDfiqTemplate)
  }

  /** Plugins that make graphs. */
  async graphPlugins(options?: CallOptions): Promise<readonly GraphPlugin[]> {
    return toRecords(await this.#connection.get('/graphs/', options)).map(toGraphPlugin)
  }

  /** What tags mean: weight and kind of each. */
  async tagMetadata(options?: CallOptions): Promise<WireRecord> {
    return readBare(await this.#connection.get('/intelligence/tagmetadata/', options))
  }

  /** Where the web interface leads on from the values of a field. */
  async contextLinks(options?: CallOptions): Promise<WireRecord> {
    return readBare(await this.#connection.get('/contextlinks/', options))
  }

  /** A URL in its parts, as a graph. */
  async unfurl(url: string, options?: CallOptions): Promise<WireRecord> {
    return readBare(await this.#connection.ask('/unfurl/', { url }, options))
  }

  /** Ends the session on the server. */
  async signOut(options?: CallOptions): Promise<void> {
    await this.#connection.signOut(options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.signOut()
  }
}
