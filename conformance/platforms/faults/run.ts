import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createChoices } from '../../opensearch/random.ts'
import { compare, type PulledState } from './compare.ts'
import { FAULTS, type Fault, startFaultProxy } from './fault-proxy.ts'
import { openPlatform } from './platform.ts'
import { Puller } from './puller.ts'

/**
 * Pulls through a proxy that damages what passes, the puller being killed now and then, and holds after each round what is there against
 * the platform: every item exactly once. Usage: run.ts [--rounds N] [--seed N] [--keep]
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, keep: { type: 'boolean' } },
})
const rounds = Number(values.rounds ?? 50)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const FIRST_EVENTS = 450
/** Pulls of a round; the last ones are not damaged, so that each round ends. */
const MAX_PULLS = 8
/** How long the first pull is taken to last; later ones as long as the one that was let be last. */
const FIRST_PULL_MS = 1000

const choices = createChoices(seed)
const folder = await mkdtemp(join(tmpdir(), 'timeskein-faults-'))
const sum = { passed: 0, failed: 0, pulls: 0, aimedAt: 0, killed: 0 }
let pullMs = FIRST_PULL_MS
process.stdout.write(`seed ${seed}, ${rounds} rounds\n`)
{
  await using platform = await openPlatform(folder, FIRST_EVENTS)
  await using proxy = await startFaultProxy(platform.url, choices)
  const { clientId, clientSecret } = platform
  const url = `${proxy.url}/elements`
  await using puller = new Puller([join(folder, 'pulled'), url, clientId, clientSecret])
  for (let round = 1; round <= rounds; round += 1) {
    if (round > 1) await platform.goOn(choices)
    const faults = new Set(FAULTS.filter(() => choices.chance(0.4)))
    const state = await pullUntilDone(faults)
    const problems = compare(await platform.list(), state)
    if (problems.length === 0) sum.passed += 1
    else {
      sum.failed += 1
      process.stdout.write(
        `FAIL round ${round} (${[...faults].join(', ')}): ${problems.slice(0, 5).join('; ')}\n`,
      )
    }
  }
  const damaged = [...proxy.damaged].map(([fault, count]) => `${fault} ${count}`).join(', ')
  process.stdout.write(
    `${sum.pulls} pulls, ${sum.killed} of ${sum.aimedAt} killed that were to be; requests damaged: ${damaged}\n`,
  )

  async function pullUntilDone(faults: ReadonlySet<Fault>): Promise<PulledState> {
    for (let pull = 1; ; pull += 1) {
      const isCalm = pull > MAX_PULLS - 2
      // The connector is made without faults: one that cannot be tested is not kept.
      if (!puller.isOpen) proxy.setFaults(new Set())
      await puller.open()
      proxy.setFaults(isCalm ? new Set() : faults)
      const kills = !isCalm && faults.has('kill') && choices.chance(0.7)
      const startedMs = performance.now()
      const outcome = await puller.pull(kills ? choices.between(0, Math.ceil(pullMs)) : undefined)
      sum.pulls += 1
      if (kills) sum.aimedAt += 1
      else if (outcome.is === 'done') pullMs = performance.now() - startedMs
      if (outcome.is === 'done') return outcome
      if (outcome.is === 'killed') sum.killed += 1
      else if (isCalm) return { events: [], entries: [] }
    }
  }
}
if (values.keep) process.stdout.write(`kept: ${folder}\n`)
else await rm(folder, { recursive: true, force: true })
process.stdout.write(`conformance/platforms/faults: ${sum.passed} passed, ${sum.failed} failed, 0 skipped\n`)
process.exitCode = sum.failed === 0 ? 0 : 1
