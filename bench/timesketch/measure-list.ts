import { openSystem } from '@timeskein/server'
import { type Figure, median, quantile } from '../figures.ts'
import type { Api } from './api.ts'

const SKETCHES = 10_000
const PAGE = 20
const RUNS = 50

/** Makes sketches of somebody; to be called before the server starts. */
export async function makeSketches(dataDirectory: string, username: string): Promise<void> {
  const system = await openSystem({ dataDirectory })
  try {
    const principal = await system.services.auth.localPrincipal(username)
    for (let number = 0; number < SKETCHES; number += 1)
      await system.services.sketches.create(principal, { name: `case ${number}` })
  } finally {
    await system.close()
  }
}

/** Pages of the list of sketches, its beginning, its end and a search in it. */
export async function measureList(api: Api): Promise<Figure> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run += 1) {
    const last = Math.floor(SKETCHES / PAGE)
    for (const path of [
      `scope=user&per_page=${PAGE}&page=1`,
      `scope=user&per_page=${PAGE}&page=${Math.max(1, last - run)}`,
      `scope=search&search_query=case ${run}`,
    ]) {
      const started = performance.now()
      await api.get(`/sketches/?${path.replaceAll(' ', '%20')}`)
      times.push(performance.now() - started)
    }
  }
  return {
    name: `listing ${SKETCHES.toLocaleString('en')} sketches, p95`,
    ours: quantile(times, 0.95),
    unit: 'ms',
    note: `${times.length} pages of ${PAGE} and searches, median ${median(times).toFixed(1)} ms`,
  }
}
