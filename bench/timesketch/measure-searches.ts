import { type Figure, median, quantile } from '../figures.ts'
import type { Api } from './api.ts'

/** A server's first answers pay for compiling what makes them. */
const WARM_UPS = 50
const RUNS = 41
const PAGE = 40
/** Other words each time, so that no answer is remembered. */
const QUESTIONS: readonly (readonly [name: string, query: (run: number) => string])[] = [
  ['a first page of a word', (run) => `user${String(run).padStart(4, '0')}`],
  ['a first page of everything', (run) => `* AND NOT nosuchword${run}`],
]

/** First pages over HTTP beside the time that the store says it took. */
export async function measureSearches(api: Api, sketchId: number): Promise<readonly Figure[]> {
  const figures: Figure[] = []
  for (const [name, query] of QUESTIONS) {
    const times: number[] = []
    const own: number[] = []
    for (let run = 0; run < WARM_UPS + RUNS; run += 1) {
      const body = { query: query(run), filter: { size: PAGE, indices: ['_all'], order: 'asc', chips: [] } }
      const started = performance.now()
      const answer = await (await api.open(`/sketches/${sketchId}/explore/`, body)).text()
      const ms = performance.now() - started
      if (run < WARM_UPS) continue
      const { meta } = JSON.parse(answer) as { meta: { es_time: number } }
      times.push(ms)
      own.push(meta.es_time)
    }
    figures.push({
      name: `explore over HTTP, ${name}`,
      ours: median(times),
      unit: 'ms',
      note: `the store's own time ${median(own)} ms; p95 ${quantile(times, 0.95).toFixed(0)} ms; after ${WARM_UPS} others`,
    })
  }
  return figures
}
