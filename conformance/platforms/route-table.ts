import {
  findOperation,
  findReplyProblem,
  type OpenApiDocument,
} from '../../packages/server/src/dialects/platform/testing/check-reply.ts'
import type { ServerApp } from '../../packages/server/src/index.ts'

/** What became of the checks of routes. */
export interface RouteSum {
  readonly passed: number
  readonly failed: number
}

/** Problems of one route that are told; where one is, there are often hundreds. */
const TOLD_PROBLEMS = 3

/**
 * The routes of a platform's OpenAPI document, and what they answered while a judge asked them: every answer is held against the document,
 * and every route must have answered at least once what the document has as its answer.
 */
export class RouteTable {
  readonly #app: ServerApp
  readonly #document: OpenApiDocument
  /** `GET /sekoia/v1/me` -> status -> answers. */
  readonly #answers = new Map<string, Map<number, number>>()
  readonly #problems = new Map<string, string[]>()
  readonly #looking = new Set<Promise<void>>()

  private constructor(app: ServerApp, document: OpenApiDocument) {
    this.#app = app
    this.#document = document
  }

  /** @param platform - The first step of its paths. */
  static async open(app: ServerApp, platform: string): Promise<RouteTable> {
    const headers = { 'user-agent': 'conformance' }
    const answer = await app.fetch(new Request(`http://localhost/${platform}/openapi.json`, { headers }))
    if (answer.status !== 200) throw new Error(`there is no document of ${platform}: ${answer.status}`)
    return new RouteTable(app, (await answer.json()) as OpenApiDocument)
  }

  /** The application, whose answers are noted from now on. */
  get watched(): ServerApp {
    return {
      fetch: async (request, env) => {
        const { method, url } = request
        const answer = await this.#app.fetch(request, env)
        const path = new URL(url).pathname.replaceAll('//', '/')
        // Who opens a socket is answered by what the server makes of this answer.
        const isSocket = answer.status === 204 && request.headers.get('upgrade') === 'websocket'
        this.#note(method, path, isSocket ? { status: 101 } : answer)
        return answer
      },
      listRoutes: () => this.#app.listRoutes(),
    }
  }

  #note(method: string, path: string, answer: Response | { readonly status: 101 }): void {
    const found = findOperation(this.#document, method, path)
    if (!found) return
    const route = `${method} ${found.path}`
    const byStatus = this.#answers.get(route) ?? new Map<number, number>()
    byStatus.set(answer.status, (byStatus.get(answer.status) ?? 0) + 1)
    this.#answers.set(route, byStatus)
    if (!(answer instanceof Response)) return
    const looking = this.#look(route, method, path, answer.clone())
    this.#looking.add(looking)
    void looking.finally(() => this.#looking.delete(looking))
  }

  async #look(route: string, method: string, path: string, answer: Response): Promise<void> {
    const problem = await findReplyProblem(this.#document, method, path, answer)
    if (problem === undefined) return
    const problems = this.#problems.get(route) ?? []
    problems.push(problem)
    this.#problems.set(route, problems)
  }

  /** Tells of each route how often it answered what, and whether that is as the document says. */
  async tell(say: (line: string) => void): Promise<RouteSum> {
    await Promise.all(this.#looking)
    let failed = 0
    let passed = 0
    for (const [path, operations] of Object.entries(this.#document.paths))
      for (const [verb, { responses }] of Object.entries(operations)) {
        const route = `${verb.toUpperCase()} ${path}`
        const byStatus = this.#answers.get(route) ?? new Map<number, number>()
        const problems = this.#problems.get(route) ?? []
        const [wanted] = Object.keys(responses)
        if (!byStatus.has(Number(wanted))) problems.push(`no check had ${wanted} from it`)
        const counts = [...byStatus].map(([status, count]) => `${status} ${count} times`).join(', ')
        if (problems.length === 0) {
          passed += 1
          say(`ok ${route}: ${counts}`)
          continue
        }
        failed += 1
        say(`FAIL ${route}: ${[counts, ...problems.slice(0, TOLD_PROBLEMS)].filter(Boolean).join('; ')}`)
      }
    return { passed, failed }
  }
}
