import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type ServerApp } from '../../../http/create-app.ts'
import { openSystem } from '../../../open-system.ts'
import type { System } from '../../../system.ts'
import { mountTimesketch } from '../mount.ts'

/** A whole server without a port, over a directory that is thrown away; for tests. */
export interface TestServer extends AsyncDisposable {
  readonly system: System
  readonly app: ServerApp
  /** Makes a user and signs in as them. */
  signIn(username: string, options?: { isAdmin?: boolean }): Promise<TestClient>
  /** Somebody who has not signed in. */
  visitor(): TestClient
}

/** Opens a server for a test. */
export async function openTestServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-timesketch-'))
  const system = await openSystem({ dataDirectory: join(folder, 'data') })
  const app = createApp(system, { dialects: [mountTimesketch] })
  const admin = await system.services.auth.localPrincipal(system.firstAdmin!.username)
  return {
    system,
    app,
    visitor: () => new TestClient(app),
    async signIn(username, options = {}) {
      const password = `password of ${username}`
      await system.services.users.create(admin, { username, password, isAdmin: options.isAdmin ?? false })
      const client = new TestClient(app)
      await client.signIn(username, password)
      return client
    },
    async [Symbol.asyncDispose]() {
      await system.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** What came back. */
export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  /** The body as UTF-8. */
  readonly text: string
  readonly bytes: Uint8Array
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they are about
  readonly json: any
}

/** A client with a cookie and a token, as the Python client is one. */
export class TestClient {
  readonly #app: ServerApp
  #cookie = ''
  #token = ''

  constructor(app: ServerApp) {
    this.#app = app
  }

  get token(): string {
    return this.#token
  }

  /** As the Python client does it. Returns the answer to the form. */
  async signIn(username: string, password: string): Promise<TestAnswer> {
    const page = await this.send('GET', '/login/?local_auth=1')
    this.#token = /id="csrf_token"[^>]*value="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const form = new URLSearchParams({ username, password, csrf_token: this.#token })
    return await this.send('POST', '/login/?local_auth=1', { body: form })
  }

  get(path: string): Promise<TestAnswer> {
    return this.send('GET', `/api/v1${path}`)
  }

  /** Sends JSON. */
  post(path: string, body: unknown, method = 'POST'): Promise<TestAnswer> {
    const headers = { 'content-type': 'application/json', 'x-csrftoken': this.#token }
    return this.send(method, `/api/v1${path}`, { body: JSON.stringify(body), headers })
  }

  delete(path: string, body?: unknown): Promise<TestAnswer> {
    if (body !== undefined) return this.post(path, body, 'DELETE')
    return this.send('DELETE', `/api/v1${path}`, { headers: { 'x-csrftoken': this.#token } })
  }

  /** Sends a form with files. */
  upload(
    fields: Readonly<Record<string, string | number>>,
    file?: { name: string; text: string },
  ): Promise<TestAnswer> {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, String(value))
    if (file) form.append('file', new File([file.text], file.name))
    return this.send('POST', '/api/v1/upload/', { body: form, headers: { 'x-csrftoken': this.#token } })
  }

  async send(method: string, path: string, init: RequestInit = {}): Promise<TestAnswer> {
    const headers = new Headers(init.headers)
    if (this.#cookie !== '') headers.set('cookie', this.#cookie)
    const answer = await this.#app.fetch(new Request(`http://localhost${path}`, { ...init, method, headers }))
    const cookie = answer.headers.get('set-cookie')
    if (cookie) this.#cookie = cookie.slice(0, cookie.indexOf(';'))
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const text = new TextDecoder().decode(bytes)
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      bytes,
      get json() {
        return JSON.parse(text)
      },
    }
  }
}

/** Waits until an import has ended. */
export async function waitForImport(server: TestServer, taskId: string): Promise<void> {
  await server.system.services.imports.waitForEnd(taskId)
}
