import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A dialect at the root of an address of its own; disposing stops it. */
export interface RootServer extends AsyncDisposable {
  readonly url: string
}

/**
 * Hands requests on to a dialect under its path, for clients that put paths behind the name of a host and so drop the path of an
 * address: what a proxy does in front of a server.
 */
export async function serveAtRoot(target: string): Promise<RootServer> {
  const server = createServer((from, to) => {
    const { method, headers, url } = from
    const onward = request(`${target}${url}`, { ...(method ? { method } : {}), headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(to)
    })
    onward.on('error', () => to.destroy())
    from.pipe(onward)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}
