import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Principal } from '../../../auth/principal.ts'
import { createApp, type ServerApp } from '../../../http/create-app.ts'
import { openTemporarySystem, type TemporarySystem } from '../../../testing/temporary-system.ts'
import { mountElements } from '../mount-elements.ts'

/** A server that speaks Elements, with one sketch, and how it is asked. For tests. */
export interface ElementsPlace extends AsyncDisposable {
  readonly temporary: TemporarySystem
  readonly app: ServerApp
  readonly ana: Principal
  readonly sketchId: number
  /** Imports items of the platform as a user would. */
  importItems(items: readonly object[]): Promise<void>
  /** Makes credentials, and a token for them. @param scope - As OAuth has it. */
  makeToken(principal?: Principal, scope?: string): Promise<string>
  /** Asks with ana's token, which may change things. */
  /** Lets so much time go by that operations have ended. */
  passTime(ms?: number): Promise<void>
  ask(path: string, init?: RequestInit & { readonly token?: string }): Promise<Response>
}

/** How long that may take on a busy machine, with what a test imports. */
export const SLOW_START_MS = 60_000

/** Opens it on a new directory. */
export async function openElementsPlace(): Promise<ElementsPlace> {
  let aheadMs = 0
  const temporary = await openTemporarySystem({ now: () => Date.now() + aheadMs })
  const { services } = temporary.system
  const app = createApp(temporary.system, { dialects: [mountElements] })
  const ana = await temporary.addUser('ana')
  const { id: sketchId } = await services.sketches.create(ana, { name: 'case' })
  const place: Omit<ElementsPlace, 'ask' | typeof Symbol.asyncDispose> = {
    temporary,
    app,
    ana,
    sketchId,
    async importItems(items) {
      const path = join(temporary.directory, 'items.json')
      await writeFile(path, JSON.stringify({ items }))
      const { imports } = services
      const { ended } = await imports.start(ana, {
        sketchId,
        timeline: { name: 'elements' },
        inputs: [{ path }],
      })
      const { status } = await ended
      if (status !== 'done') throw new Error(`the import is ${status}`)
    },
    async passTime(ms = 5000) {
      aheadMs += ms
    },
    async makeToken(principal = ana, scope = 'connect.api.read connect.api.write') {
      const { credentials } = await services.platformKeys.create(principal, { kind: 'elements', name: 'k' })
      if (!('client_id' in credentials)) throw new Error('no client')
      const answer = await app.fetch(
        new Request('http://localhost/elements/as/token.oauth2', {
          method: 'POST',
          headers: {
            authorization: `Basic ${btoa(`${credentials.client_id}:${credentials.client_secret}`)}`,
            'user-agent': 'test',
          },
          body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
        }),
      )
      return ((await answer.json()) as { access_token: string }).access_token
    },
  }
  const own = await place.makeToken()
  return {
    ...place,
    ask: async (path, { token = own, ...init } = {}) =>
      await app.fetch(
        new Request(`http://localhost/elements${path}`, {
          ...init,
          headers: { authorization: `Bearer ${token}`, 'user-agent': 'test', ...init.headers },
        }),
      ),
    [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose](),
  }
}
