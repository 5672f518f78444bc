import type { PlatformKeys } from './seed-platform.ts'

const PAGE = '200'

/** What reading the pages alone took. */
export interface SourceReading {
  readonly items: number
  readonly pages: number
  readonly seconds: number
}

/** Reads what a pull of Elements reads, page after page, and keeps none of it: no pull is faster than its source. */
export async function readSource(
  url: string,
  { elements }: PlatformKeys,
  since: string,
): Promise<SourceReading> {
  const credentials = btoa(`${elements.client_id}:${elements.client_secret}`)
  const own = { 'user-agent': 'bench', accept: 'application/json' }
  const { access_token: token } = await ask<{ readonly access_token: string }>(
    `${url}/elements/as/token.oauth2`,
    {
      method: 'POST',
      headers: { ...own, authorization: `Basic ${credentials}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'connect.api.read' }),
    },
  )
  const headers = { ...own, authorization: `Bearer ${token}` }
  const startedMs = performance.now()
  const read = { items: 0, pages: 0 }
  const readList = async (send: (values: URLSearchParams) => Promise<Page>): Promise<void> => {
    let anchor: string | undefined
    do {
      const page = await send(
        new URLSearchParams({ limit: PAGE, ...(anchor === undefined ? {} : { anchor }) }),
      )
      read.items += page.items.length
      read.pages += 1
      anchor = page.nextAnchor
    } while (anchor !== undefined)
  }
  await readList((values) => ask(`${url}/elements/devices/v1/devices?${values}`, { headers }))
  await readList((values) => {
    values.set('engineGroup', 'epp,edr,ecp')
    values.set('persistenceTimestampStart', since)
    values.set('order', 'asc')
    return ask(`${url}/elements/security-events/v1/security-events`, {
      method: 'POST',
      headers,
      body: values,
    })
  })
  return { ...read, seconds: (performance.now() - startedMs) / 1000 }
}

interface Page {
  readonly items: readonly unknown[]
  readonly nextAnchor?: string
}

async function ask<Answer>(address: string, init: RequestInit): Promise<Answer> {
  const answer = await fetch(address, init)
  if (!answer.ok) throw new Error(`${address} was refused with ${answer.status}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}
