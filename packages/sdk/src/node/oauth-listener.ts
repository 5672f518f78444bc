import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignInError } from '../errors/sign-in-error.ts'
import { startInstalledAppFlow } from '../timesketch/sign-in/installed-app-flow.ts'
import type { OAuthClient, OAuthTokens } from '../timesketch/sign-in/oauth-tokens.ts'

/** How a browser's answer is waited for. */
export interface ListenOptions {
  /** Tells the person which address to open. */
  readonly show: (authorizationUrl: string) => void | Promise<void>
  /** Port of the listener on this machine; 0 for any. @default 8080, as Timesketch's client */
  readonly port?: number | undefined
  /** @default 300,000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const DEFAULT_PORT = 8080
const DEFAULT_TIMEOUT_MS = 300_000
const DONE = 'You have signed in. This page can be closed.\n'

/**
 * OAuth for installed apps with a listener on this machine that takes the browser's answer.
 *
 * @throws {SignInError} When the person refuses, or does not answer in time.
 */
export async function signInWithBrowser(client: OAuthClient, options: ListenOptions): Promise<OAuthTokens> {
  const limit = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS)
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit
  const { promise: answered, resolve, reject } = Promise.withResolvers<string>()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const isAnswer = url.searchParams.has('code') || url.searchParams.has('error')
    response.writeHead(isAnswer ? 200 : 404, {
      'content-type': 'text/plain; charset=utf-8',
      connection: 'close',
    })
    response.end(isAnswer ? DONE : '', () => {
      if (isAnswer) resolve(url.href)
    })
  })
  const onAbort = (): void =>
    reject(
      limit.aborted
        ? new SignInError('OAuth: nobody signed in in time', {}, { cause: signal.reason })
        : signal.reason,
    )
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    const port = await new Promise<number>((listening, failed) => {
      server.once('error', failed)
      server.listen(options.port ?? DEFAULT_PORT, 'localhost', () =>
        listening((server.address() as AddressInfo).port),
      )
    })
    const flow = await startInstalledAppFlow(client, `http://localhost:${port}/`)
    await options.show(flow.authorizationUrl)
    return await flow.finish(await answered, { signal })
  } finally {
    signal.removeEventListener('abort', onAbort)
    server.close()
  }
}
