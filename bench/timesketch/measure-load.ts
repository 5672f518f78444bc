import { fork } from 'node:child_process'
import { join } from 'node:path'
import { type Figure, median, quantile } from '../figures.ts'
import { readProcessorSeconds } from '../skein-process.ts'
import { type Api, firstObject } from './api.ts'
import type { LoadOutcome, LoadPlan } from './load-clients.ts'

const CLIENTS = join(import.meta.dirname, 'load-clients.ts')
/** Before measuring, as a server has been asked before. */
const WARM_UP_SECONDS = 3
const PACE = { clients: 20, requestsPerSecond: 200, seconds: 20, annotatesEvery: 5 }

/** Clients that each ask in turn at a fixed pace, four of five requests searching and one giving a label. */
export async function measureLoad(
  api: Api,
  key: string,
  sketchId: number,
  pid: number,
): Promise<readonly Figure[]> {
  const found = await api.post(`/sketches/${sketchId}/explore/`, { query: '*', filter: { size: 1 } })
  const { _id, _index } = firstObject(found)
  const plan: LoadPlan = { ...PACE, url: api.url, key, sketchId, event: { _id, _index } }
  await runClients({ ...plan, seconds: WARM_UP_SECONDS })
  const before = readProcessorSeconds(pid)
  const { explored, annotated, seconds, cpuSeconds } = await runClients(plan)
  const times = [...explored, ...annotated]
  const perRequestMs = (total: number): string => ((total * 1000) / times.length).toFixed(2)
  const note = [
    `${times.length.toLocaleString('en')} requests in ${seconds.toFixed(1)} s, median ${median(times).toFixed(1)} ms, longest ${Math.max(...times).toFixed(0)} ms`,
    `p95 of exploring ${quantile(explored, 0.95).toFixed(0)} ms, of annotating ${quantile(annotated, 0.95).toFixed(0)} ms`,
    `processor time a request: server ${perRequestMs(readProcessorSeconds(pid) - before)} ms, clients ${perRequestMs(cpuSeconds)} ms`,
  ].join('; ')
  const name = `${plan.clients} clients, ${plan.requestsPerSecond} requests/s of exploring and annotating`
  return [
    { name: `${name}, p95`, ours: quantile(times, 0.95), unit: 'ms', note },
    { name: `${name}, answered`, ours: times.length / seconds, unit: 'requests/s' },
  ]
}

async function runClients(plan: LoadPlan): Promise<LoadOutcome> {
  const child = fork(CLIENTS, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  return await new Promise<LoadOutcome>((resolve, reject) => {
    child.once('message', (outcome: LoadOutcome) => resolve(outcome))
    child.once('exit', (code) => reject(new Error(`the clients ended with code ${code}`)))
    child.send(plan)
  })
}
