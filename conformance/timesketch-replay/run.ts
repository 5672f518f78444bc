import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Difference } from './compare.ts'
import { findKnown, KNOWN_DIFFERENCES, type KnownDifference } from './known-differences.ts'
import { askOwnRequests } from './own-requests.ts'
import { replay } from './replay.ts'
import { countAnswers, type JudgedResource, judgeResources } from './resources.ts'
import { readSamples } from './samples.ts'
import { openWorld } from './world.ts'

/**
 * Asks a server of ours, in this process, everything that a real Timesketch server was asked when its answers were recorded, in the
 * same order, and compares each answer. Arguments narrow what is told to samples whose names contain one of them; all are asked.
 */
const SAMPLES = join(import.meta.dirname, '../../../shared/reference/timesketch-samples')

const wanted = process.argv.slice(2)
const samples = readSamples(SAMPLES)
if (samples === undefined) {
  process.stdout.write(`skipped: the recorded answers are not there (${SAMPLES} has no README.md)\n`)
  process.stdout.write('conformance/timesketch-replay: 0 passed, 0 failed, 1 skipped\n')
  process.exit(0)
}
const folder = await mkdtemp(join(tmpdir(), 'skein-conformance-replay-'))
const sum = { passed: 0, failed: 0 }
const met = new Map<KnownDifference, number>()
try {
  const data = join(folder, 'data')
  await using world = await openWorld(data)
  for await (const { sample, differences } of replay(samples, world)) judge(sample.name, differences)
  if (wanted.length === 0) {
    const replayed = await countAnswers(world)
    judgeServed(await judgeResources(world, replayed, await askOwnRequests(world, data)))
  }
} finally {
  await rm(folder, { recursive: true, force: true })
}
if (wanted.length === 0) judgeTable()
process.stdout.write(`conformance/timesketch-replay: ${sum.passed} passed, ${sum.failed} failed, 0 skipped\n`)
process.exitCode = sum.failed === 0 ? 0 : 1

function judge(name: string, differences: readonly Difference[]): void {
  const unknown: Difference[] = []
  for (const difference of differences) {
    const known = findKnown(name, difference)
    if (known) met.set(known, (met.get(known) ?? 0) + 1)
    else unknown.push(difference)
  }
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) return
  sum[unknown.length === 0 ? 'passed' : 'failed'] += 1
  const meant = differences.length - unknown.length
  if (unknown.length === 0)
    process.stdout.write(`ok ${name}${meant > 0 ? ` (${meant} differences on purpose)` : ''}\n`)
  else process.stdout.write(`FAIL ${name}\n`)
  for (const { place, recorded, ours } of unknown)
    process.stdout.write(`    ${place}: recorded ${recorded}, ours ${ours}\n`)
}

/** Every resource must have been asked for something that it does, by the recording or by a request of our own. */
function judgeServed(resources: readonly JudgedResource[]): void {
  process.stdout.write(`\n${resources.length} resources:\n`)
  for (const { name, permission, replayed, own } of resources) {
    const wrong = own.find(({ expected, found }) => expected !== found)
    const isJudged = wrong === undefined && replayed + own.length > 0
    sum[isJudged ? 'passed' : 'failed'] += 1
    const says = wrong
      ? `${wrong.path} was answered ${wrong.found}, expected ${wrong.expected}`
      : `${replayed} requests of the recording, ${own.length} of our own`
    process.stdout.write(`${isJudged ? 'ok' : 'FAIL'} ${name} (${permission}): ${says}\n`)
  }
}

/** Every difference of the table must be met, so that it holds nothing that is no longer so. */
function judgeTable(): void {
  process.stdout.write(`\n${KNOWN_DIFFERENCES.length} differences on purpose:\n`)
  for (const known of KNOWN_DIFFERENCES) {
    const count = met.get(known) ?? 0
    process.stdout.write(`  ${String(count).padStart(3)} x ${known.samples.source}: ${known.reason}\n`)
    if (count > 0 || known.isSometimes) continue
    sum.failed += 1
    process.stdout.write(
      `FAIL the difference of ${known.samples.source} in ${known.place.source} is met no more\n`,
    )
  }
}
