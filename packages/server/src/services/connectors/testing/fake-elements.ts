import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerRequests } from '../../../testing/answer-requests.ts'

/** An item as it is listed. */
export type FakeItem = Record<string, unknown>

/** A small WithSecure Elements on this machine, whose items and failures a test sets. */
export interface FakeElements extends AsyncDisposable {
  readonly url: string
  readonly events: FakeItem[]
  readonly incidents: FakeItem[]
  readonly detections: FakeItem[]
  readonly devices: FakeItem[]
  /** Answers instead of the platform where it gives a status. */
  fail: (path: string, count: number) => number | undefined
  /** Whose the credentials are. */
  organisation: string
  /** Items of a page. */
  pageSize: number
  /** Requests so far. */
  requests: number
}

/** Starts it on a free port of the loopback. */
export async function startFakeElements(): Promise<FakeElements> {
  const platform: Omit<FakeElements, 'url' | typeof Symbol.asyncDispose> = {
    events: [],
    incidents: [],
    detections: [],
    devices: [],
    fail: () => undefined,
    organisation: 'org',
    pageSize: 3,
    requests: 0,
  }
  const server = http.createServer(answerRequests((request, response) => answer(platform, request, response)))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(platform, {
    url: `http://127.0.0.1:${port}/elements`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

async function answer(
  platform: Omit<FakeElements, 'url' | typeof Symbol.asyncDispose>,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://fake')
  let body = ''
  for await (const part of request) body += String(part)
  const values = new URLSearchParams(request.method === 'POST' ? body : url.search)
  const path = url.pathname.replace('/elements', '')
  const status = platform.fail(path, ++platform.requests)
  const listPage = (items: readonly FakeItem[]): object => cutPage(items, values, platform.pageSize)
  const send = (code: number, json: unknown): void => {
    response.writeHead(code, { 'content-type': 'application/json', 'x-transaction': '0000-1' })
    response.end(JSON.stringify(json))
  }
  if (status !== undefined) {
    if (status === 0) request.socket.destroy()
    else send(status, { message: 'as the test asked', code: status * 1000, transactionId: 't' })
    return
  }
  switch (path) {
    case '/as/token.oauth2':
      if (request.headers.authorization === `Basic ${btoa('client:secret')}`)
        send(200, { access_token: 'token', token_type: 'Bearer', expires_in: 1799 })
      else send(401, { error: 'invalid_client', error_description: 'Invalid client or client credentials.' })
      break
    case '/whoami/v1/whoami':
      send(200, { clientId: 'client', organizationId: platform.organisation })
      break
    case '/devices/v1/devices':
      send(200, listPage(platform.devices))
      break
    case '/incidents/v1/incidents':
      send(200, listPage(since(platform.incidents, values, 'updatedTimestamp')))
      break
    case '/incidents/v1/detections': {
      const own = platform.detections.filter((one) => one['incidentId'] === values.get('incidentId'))
      send(200, listPage(since(own, values, 'createdTimestamp')))
      break
    }
    case '/security-events/v1/security-events':
      send(200, listPage(since(platform.events, values, 'persistenceTimestamp')))
      break
    default:
      send(404, { message: 'no such path', code: 404000 })
  }
}

function since(items: readonly FakeItem[], values: URLSearchParams, name: string): readonly FakeItem[] {
  const start = Date.parse(values.get(`${name}Start`) ?? '1970-01-01')
  const end = Date.parse(values.get(`${name}End`) ?? '9999-01-01')
  return items
    .filter((item) => Date.parse(String(item[name])) >= start && Date.parse(String(item[name])) < end)
    .toSorted((a, b) => String(a[name]).localeCompare(String(b[name])))
}

function cutPage(items: readonly FakeItem[], values: URLSearchParams, size: number): object {
  const at = Number(values.get('anchor') ?? 0)
  const end = at + size
  return { items: items.slice(at, end), ...(end < items.length ? { nextAnchor: String(end) } : {}) }
}

/** A security event of a moment. */
export function makeSecurityEvent(id: string, time: string, more: FakeItem = {}): FakeItem {
  return {
    id,
    severity: 'warning',
    engine: 'deepGuard',
    action: 'blocked',
    acknowledged: false,
    clientTimestamp: time,
    serverTimestamp: time,
    persistenceTimestamp: time,
    device: { id: 'd1', name: 'WS-1' },
    details: { alertType: 'deep_guard.admin.block', filePath: `C:\\${id}.exe` },
    ...more,
  }
}

/** An incident that was made and changed at moments. */
export function makeIncident(id: string, created: string, updated: string, more: FakeItem = {}): FakeItem {
  return {
    incidentId: id,
    incidentPublicId: `public-${id}`,
    name: 'Odd things',
    status: 'new',
    riskLevel: 'high',
    createdTimestamp: created,
    updatedTimestamp: updated,
    ...more,
  }
}
