import { openTestServer, type TestAnswer, type TestClient, type TestServer } from './test-server.ts'

/** How many log-ins there are. */
export const LOGIN_COUNT = 60

/** A server with a sketch of log-ins, and the two who look at it; for tests. */
export interface LoginsPlace extends AsyncDisposable {
  readonly server: TestServer
  readonly owner: TestClient
  readonly other: TestClient
  readonly sketchId: number
  readonly timelineId: number
  /** Name of the timeline's index. */
  readonly index: string
  /** Asks the sketch as its owner. */
  explore(body: Readonly<Record<string, unknown>>, path?: string): Promise<TestAnswer>
}

/** Opens a server and uploads the log-ins to it. */
export async function openLogins(): Promise<LoginsPlace> {
  const server = await openTestServer()
  const owner = await server.signIn('owner')
  const other = await server.signIn('other')
  const sketchId = (await owner.post('/sketches/', { name: 'events' })).json.objects[0].id
  const sent = await owner.upload({
    sketch_id: sketchId,
    name: 'logins',
    events: loginLines(),
    data_label: 'generic',
  })
  if (sent.status !== 201) throw new Error(`the log-ins were not taken: ${sent.text}`)
  const [timeline] = sent.json.objects
  return {
    server,
    owner,
    other,
    sketchId,
    timelineId: timeline.id,
    index: timeline.searchindex.index_name,
    explore: (body, path = 'explore') => owner.post(`/sketches/${sketchId}/${path}/`, body),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** Sixty log-ins, one an hour from 2024-02-01. */
export function loginLines(): string {
  return Array.from({ length: LOGIN_COUNT }, (_, n) =>
    JSON.stringify({
      message: `Login ${n % 3 ? 'failed' : 'accepted'} for user${n % 5}`,
      datetime: new Date(Date.UTC(2024, 1, 1, n)).toISOString().replace('.000Z', '+00:00'),
      timestamp_desc: 'Event Logged',
      user: `user${n % 5}`,
      status: 200 + (n % 3),
      big: '@',
    }).replace('"@"', `12345678901234567890${n}`),
  ).join('\n')
}
