import { type Figure, median, quantile } from '../figures.ts'
import { type Api, firstObject } from './api.ts'

const CLIENTS = 20
const REQUESTS_PER_SECOND = 200
const SECONDS = 20
/** One request in so many annotates. */
const ANNOTATES_EVERY = 5

/**
 * Clients that each ask in turn at a fixed pace, four of five requests searching and one giving a label. A time counts from when the
 * request was due, so that waiting for the answer before counts too.
 */
export async function measureLoad(api: Api, sketchId: number): Promise<Figure> {
  const found = await api.post(`/sketches/${sketchId}/explore/`, { query: '*', filter: { size: 1 } })
  const { _id, _index } = firstObject(found)
  const total = REQUESTS_PER_SECOND * SECONDS
  const times: number[] = []
  const started = performance.now()
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => runClient(client)))
  const seconds = (performance.now() - started) / 1000
  return {
    name: `${CLIENTS} clients, ${REQUESTS_PER_SECOND} requests/s of exploring and annotating, p95`,
    ours: quantile(times, 0.95),
    unit: 'ms',
    note: `${total.toLocaleString('en')} requests in ${seconds.toFixed(1)} s, median ${median(times).toFixed(1)} ms, longest ${Math.max(...times).toFixed(0)} ms`,
  }

  async function runClient(client: number): Promise<void> {
    for (let request = client; request < total; request += CLIENTS) {
      const dueAt = started + (request * 1000) / REQUESTS_PER_SECOND
      const waitMs = dueAt - performance.now()
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
      await ask(request, client)
      times.push(performance.now() - dueAt)
    }
  }

  async function ask(request: number, client: number): Promise<void> {
    // Each client does both: the fifth of its own requests annotates.
    if (Math.floor(request / CLIENTS) % ANNOTATES_EVERY === 0) {
      const body = {
        annotation: `label${client} ${request % 7}`,
        annotation_type: 'label',
        events: [{ _id, _index }],
      }
      await api.post(`/sketches/${sketchId}/event/annotate/`, body)
      return
    }
    const query = `user${String((request * 7) % 1500).padStart(4, '0')}`
    await api.post(`/sketches/${sketchId}/explore/`, { query, filter: { size: 40, indices: ['_all'] } })
  }
}
