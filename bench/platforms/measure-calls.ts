import { parseDork } from '@timeskein/query'
import { parseSol } from '@timeskein/query/sol'
import { Sekoia } from '@timeskein/sdk'
import type { Figure } from '../figures.ts'
import { figureOf } from './measure-pages.ts'
import type { PlatformKeys } from './seed-platform.ts'

const CALLERS = 8
const TOKENS_MS = 3000
const PUSHED = 140_000
const BATCH = 1000
/** Batches. */
const WARMING = 20
const SEARCHES = 20
const COMPILED = 300
const DORK =
  'event.type:connection AND NOT action.outcome:failure AND (destination.domain:evil* OR source.ip:10.0.0.0/8) AND destination.bytes:[100 TO 200]'
const SOL =
  'events | where timestamp > ago(1d) and event.code == 4625 | aggregate count() by user.name | order by count desc | limit 10'

/** Tokens, searches, and the compiling of questions. */
export async function measureCalls(url: string, keys: PlatformKeys): Promise<readonly Figure[]> {
  return [
    await measureTokens(url, keys),
    await measureSearch(url, keys, 'one term', (search) => `user.name:user${search}`),
    await measureSearch(
      url,
      keys,
      'two terms',
      (search) => `event.provider:amsi AND user.name:user${search}`,
    ),
    measureCompile('dork', () => parseDork(DORK)),
    measureCompile('SOL', () => parseSol(SOL)),
  ]
}

async function measureTokens(url: string, { elements }: PlatformKeys): Promise<Figure> {
  const authorization = `Basic ${btoa(`${elements.client_id}:${elements.client_secret}`)}`
  let count = 0
  const untilMs = performance.now() + TOKENS_MS
  const callers = Array.from({ length: CALLERS }, async () => {
    while (performance.now() < untilMs) {
      const answer = await fetch(`${url}/elements/as/token.oauth2`, {
        method: 'POST',
        headers: { authorization, 'user-agent': 'bench' },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'connect.api.read' }),
      })
      await answer.arrayBuffer()
      if (answer.status === 429) return
      if (!answer.ok) throw new Error(`a token was refused with ${answer.status}`)
      count += 1
    }
  })
  const startedMs = performance.now()
  await Promise.all(callers)
  const seconds = (performance.now() - startedMs) / 1000
  return {
    name: 'tokens of Elements',
    ours: count / seconds,
    unit: 'requests/s',
    note: `${CALLERS} callers at once, until throttled or ${TOKENS_MS / 1000} s`,
  }
}

async function measureSearch(
  url: string,
  { sekoia }: PlatformKeys,
  name: string,
  termOf: (search: number) => string,
): Promise<Figure> {
  const client = new Sekoia({ apiKey: sekoia.key, url: `${url}/sekoia` })
  const times: number[] = []
  for (let search = -1; search < SEARCHES; search += 1) {
    const startedMs = performance.now()
    await client.search(termOf(search + 1), { earliest: '400d' }).firstPage()
    if (search >= 0) times.push(performance.now() - startedMs)
  }
  return figureOf(`search job of Sekoia, ${name}, to its first page, p95`, times)
}

/** Events that are pushed to an intake of a server that has nothing yet. */
export async function measurePush(url: string, { sekoia }: PlatformKeys): Promise<Figure> {
  const client = new Sekoia({ apiKey: sekoia.key, url: `${url}/sekoia` })
  const entity = await client.entities.create({ name: 'bench' })
  const [format] = await client.intakes.listFormats().toArray({ limit: 1 })
  const intake = await client.intakes.create({
    name: 'bench',
    entity_uuid: entity.uuid,
    format_uuid: format?.uuid ?? '',
  } as never)
  const batches = Array.from({ length: PUSHED / BATCH }, (_, batch) =>
    JSON.stringify({
      intake_key: intake.intake_key,
      jsons: Array.from({ length: BATCH }, (_one, place) =>
        JSON.stringify({
          '@timestamp': new Date().toISOString(),
          message: `event ${batch * BATCH + place}`,
          'host.name': `WS-${place % 50}`,
          'source.ip': `10.0.${place % 250}.1`,
        }),
      ),
    }),
  )
  let next = 0
  let startedMs = 0
  await Promise.all(
    Array.from({ length: CALLERS }, async () => {
      for (let body = batches[next++]; body !== undefined; body = batches[next++]) {
        // The first ones only warm the server up.
        if (next > WARMING) startedMs ||= performance.now()
        const answer = await fetch(`${url}/sekoia/batch`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body,
        })
        await answer.arrayBuffer()
        if (!answer.ok) throw new Error(`events were refused with ${answer.status}`)
      }
    }),
  )
  const seconds = (performance.now() - startedMs) / 1000
  return {
    name: 'events pushed to an intake',
    ours: (PUSHED - WARMING * BATCH) / seconds,
    unit: 'events/s',
    note: `batches of ${BATCH}, ${CALLERS} callers at once`,
  }
}

function measureCompile(name: string, compile: () => unknown): Figure {
  const times: number[] = []
  for (let run = 0; run < COMPILED; run += 1) {
    const startedMs = performance.now()
    compile()
    times.push(performance.now() - startedMs)
  }
  return figureOf(`${name} compiled, p95`, times)
}
