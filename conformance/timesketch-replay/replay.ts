import type { TestAnswer } from '../../packages/server/src/dialects/timesketch/testing/test-server.ts'
import { compareBodies, type Difference } from './compare.ts'
import { Identities, kindOfPath } from './identities.ts'
import { readAnswer } from './read-answer.ts'
import { readColours, readDay, type Sample } from './samples.ts'
import { sendSample } from './send.ts'
import { STEPS_BEFORE } from './steps.ts'
import { translatePath } from './translate-request.ts'
import type { World } from './world.ts'

/** What came of one sample. */
export interface Outcome {
  readonly sample: Sample
  readonly differences: readonly Difference[]
}

/** Headers that clients look at. */
const HEADERS = ['Content-Type', 'Location', 'Content-Disposition', 'Allow', 'Cache-Control'] as const

/** Asks what the samples asked, in their order, and compares the answers. */
export async function* replay(samples: readonly Sample[], world: World): AsyncGenerator<Outcome> {
  const comparison = { identities: new Identities(), day: readDay(samples), colours: readColours(samples) }
  const { identities } = comparison
  for (const sample of samples) {
    await STEPS_BEFORE[sample.name]?.(world, identities)
    const answer = await sendSample(sample, world, identities)
    const bodies = await readAnswer(sample, answer)
    yield {
      sample,
      differences: [
        ...compareHeads(sample, answer, identities),
        ...compareBodies(bodies.recorded, bodies.ours, kindOfPath(sample.request.path), comparison),
      ],
    }
  }
}

function* compareHeads(sample: Sample, answer: TestAnswer, identities: Identities): Generator<Difference> {
  if (answer.status !== sample.status)
    yield { place: 'status', recorded: String(sample.status), ours: String(answer.status) }
  for (const name of HEADERS) {
    const header = sample.headers[name]
    const recorded = header && translatePath(header.replace('<BASE>', 'http://localhost'), identities)
    const ours = answer.headers.get(name) ?? 'missing'
    if (recorded !== undefined && recorded !== ours) yield { place: `header ${name}`, recorded, ours }
  }
  const cookie = sample.headers['Set-Cookie']
  if (cookie !== undefined && !answer.headers.get('set-cookie')?.startsWith('session='))
    yield {
      place: 'header Set-Cookie',
      recorded: cookie,
      ours: answer.headers.get('set-cookie') ?? 'missing',
    }
}
