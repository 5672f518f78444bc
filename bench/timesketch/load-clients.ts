/**
 * Clients that ask a server at a fixed pace, in a process of their own, so that what they cost is told apart from what the
 * server does. Each keeps one connection, as programs do; answers are read to their end and looked at for their status only.
 *
 * Takes a `LoadPlan` over IPC, answers a `LoadOutcome` and ends.
 */
import { Agent, request } from 'node:http'

/** Who asks what, and how often. */
export interface LoadPlan {
  readonly url: string
  readonly key: string
  readonly sketchId: number
  /** An event to annotate. */
  readonly event: { readonly _id: unknown; readonly _index: unknown }
  readonly clients: number
  readonly requestsPerSecond: number
  readonly seconds: number
  /** One of so many requests of a client annotates. */
  readonly annotatesEvery: number
}

/** How long answers took, in milliseconds, counted from when a request was due: waiting for the answer before counts too. */
export interface LoadOutcome {
  readonly explored: readonly number[]
  readonly annotated: readonly number[]
  readonly seconds: number
  /** Processor time of this process. */
  readonly cpuSeconds: number
}

process.once('message', (plan: LoadPlan) => {
  void run(plan).then((outcome) => {
    process.send?.(outcome, () => process.disconnect())
  })
})

async function run(plan: LoadPlan): Promise<LoadOutcome> {
  const total = plan.requestsPerSecond * plan.seconds
  const explored: number[] = []
  const annotated: number[] = []
  const before = process.cpuUsage()
  const started = performance.now()
  await Promise.all(Array.from({ length: plan.clients }, (_, client) => runClient(client)))
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(before)
  return { explored, annotated, seconds, cpuSeconds: (user + system) / 1e6 }

  async function runClient(client: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    try {
      for (let number = client; number < total; number += plan.clients) {
        const dueAt = started + (number * 1000) / plan.requestsPerSecond
        const waitMs = dueAt - performance.now()
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
        const annotates = Math.floor(number / plan.clients) % plan.annotatesEvery === 0
        if (annotates) await post(agent, plan, 'event/annotate', annotationOf(plan, client, number))
        else await post(agent, plan, 'explore', questionOf(number))
        const times = annotates ? annotated : explored
        times.push(performance.now() - dueAt)
      }
    } finally {
      agent.destroy()
    }
  }
}

function annotationOf({ event }: LoadPlan, client: number, number: number): unknown {
  return { annotation: `label${client} ${number % 7}`, annotation_type: 'label', events: [event] }
}

function questionOf(number: number): unknown {
  const query = `user${String((number * 7) % 1500).padStart(4, '0')}`
  return { query, filter: { size: 40, indices: ['_all'] } }
}

/** @throws Error Where the server refuses. */
async function post(
  agent: Agent,
  { url, key, sketchId }: LoadPlan,
  action: string,
  body: unknown,
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body))
  await new Promise<void>((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'content-length': bytes.length,
    }
    const address = `${url}/api/v1/sketches/${sketchId}/${action}/`
    const sent = request(address, { agent, method: 'POST', headers }, (answer) => {
      answer.resume()
      answer.once('error', reject)
      answer.once('end', () => {
        const status = answer.statusCode ?? 0
        if (status < 300) resolve()
        else reject(new Error(`${action} was answered ${status}`))
      })
    })
    sent.once('error', reject)
    sent.end(bytes)
  })
}
