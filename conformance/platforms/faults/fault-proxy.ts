import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Choices } from '../../opensearch/random.ts'

/** What can go wrong between a puller and a platform. */
export const FAULTS = ['drop', 'limit', 'outage', 'slow', 'repeat', 'skew', 'expiry', 'kill'] as const
/** One of them. */
export type Fault = (typeof FAULTS)[number]

/** A proxy that damages what passes. */
export interface FaultProxy extends AsyncDisposable {
  readonly url: string
  /** What it does to requests from now on; each that is damaged is counted. */
  setFaults(faults: ReadonlySet<Fault>): void
  /** Told of every request, before it is passed on. */
  onRequest: (path: string) => void
  readonly damaged: Map<Fault, number>
}

/** How often a fault strikes a request. */
const ODDS = 0.04
const SKEW_MS = 5 * 3_600_000

/** Starts it before a server of this machine. @param target - Its address, without a path. */
export async function startFaultProxy(target: string, choices: Choices): Promise<FaultProxy> {
  let faults: ReadonlySet<Fault> = new Set()
  const damaged = new Map<Fault, number>()
  const pages = new Map<string, string>()
  const strike = (fault: Fault): boolean => {
    if (!faults.has(fault) || !choices.chance(ODDS)) return false
    damaged.set(fault, (damaged.get(fault) ?? 0) + 1)
    return true
  }
  const proxy = {
    damaged,
    setFaults(next: ReadonlySet<Fault>): void {
      faults = next
    },
    onRequest: (_path: string): void => undefined,
  }
  const server = http.createServer((request, response) => {
    void pass(request, response).catch(() => response.destroy())
  })
  const pass = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const path = request.url ?? '/'
    proxy.onRequest(path)
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    if (strike('slow')) await new Promise((resolve) => setTimeout(resolve, choices.between(20, 200)))
    if (strike('drop')) return void request.socket.destroy()
    if (strike('limit'))
      return answer(response, 429, { 'retry-after': '0' }, '{"message":"Too many","code":429000}')
    if (strike('outage'))
      return answer(response, choices.pick([500, 503]), {}, '{"message":"Out of order","code":500000}')
    if (!path.includes('/as/token') && strike('expiry'))
      return answer(response, 401, {}, '{"message":"Token expired","code":401000}')
    const headers = new Headers()
    for (const [name, value] of Object.entries(request.headers))
      if (typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name))
        headers.set(name, value)
    const given = await fetch(target + path, {
      method: request.method ?? 'GET',
      headers,
      ...(body.length > 0 ? { body } : {}),
    })
    let text = await given.text()
    const list = path.split('?')[0]!
    const before = pages.get(list)
    if (given.ok) pages.set(list, text)
    if (before !== undefined && given.ok && strike('repeat')) text = repeatPage(before, text)
    const told: Record<string, string> = { 'content-type': given.headers.get('content-type') ?? '' }
    for (const name of ['x-transaction', 'retry-after']) {
      const value = given.headers.get(name)
      if (value !== null) told[name] = value
    }
    if (strike('skew')) told['date'] = new Date(Date.now() + choices.pick([-1, 1]) * SKEW_MS).toUTCString()
    if (strike('drop')) {
      response.writeHead(given.status, { ...told, 'content-length': String(Buffer.byteLength(text)) })
      response.write(text.slice(0, Math.floor(text.length / 2)))
      setTimeout(() => response.destroy(), 5)
      return
    }
    answer(response, given.status, told, text)
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(proxy, {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function answer(
  response: http.ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(text)
}

/** The items of the page before, and then those of this one: nothing is lost, much comes twice. */
function repeatPage(before: string, text: string): string {
  try {
    const [first, second] = [before, text].map(
      (one) => JSON.parse(one) as { items?: unknown[]; nextAnchor?: string },
    )
    if (!first?.items || !second?.items) return text
    return JSON.stringify({ ...second, items: [...first.items, ...second.items] })
  } catch {
    // An answer that is no list is as it was.
    return text
  }
}
