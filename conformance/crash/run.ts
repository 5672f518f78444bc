import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createChoices } from '../opensearch/random.ts'
import { Ledger } from './ledger.ts'
import { verify } from './verify.ts'
import { type Beginning, workUntilKilled } from './work-until-killed.ts'

/**
 * Kills a working process (`SIGKILL`) at random moments, again and again on one data directory, and after each kill holds what
 * is there against what was acknowledged. Usage: run.ts [--rounds N] [--seed N] [--keep]
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string' }, seed: { type: 'string' }, keep: { type: 'boolean' } },
})
const rounds = Number(values.rounds ?? 50)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const LONGEST_WORK_MS = 2500
/** A round fails whose worker has not come so far as its kill is counted from in this time. */
const LONGEST_WAIT_MS = 60_000

const choices = createChoices(seed)
const dataDirectory = await mkdtemp(join(tmpdir(), 'timeskein-crash-'))
const ledger = new Ledger()
const sum = { passed: 0, failed: 0, acknowledged: 0, whole: 0, absent: 0, resumed: 0 }
process.stdout.write(`seed ${seed}, ${rounds} rounds\n`)
for (let round = 1; round <= rounds; round += 1) {
  // Some kills follow on another and nobody looks between them: they may hit what the start takes up again.
  let hung = 0
  for (let kill = 1; kill === 1 || choices.chance(0.3); kill += 1) {
    const { acknowledged, hasHung } = await work(`r${round}k${kill}`, choices.between(0, LONGEST_WORK_MS))
    sum.acknowledged += acknowledged
    if (hasHung) hung += 1
  }
  const verdict = await verify(dataDirectory, ledger, round === rounds)
  const problems = [...verdict.problems]
  if (hung > 0) problems.unshift(`workers that hung for ${LONGEST_WAIT_MS / 1000} s: ${hung}`)
  sum.whole += verdict.whole
  sum.absent += verdict.absent
  sum.resumed += verdict.resumed
  if (problems.length === 0) sum.passed += 1
  else {
    sum.failed += 1
    process.stdout.write(`FAIL round ${round}: ${problems.slice(0, 5).join('; ')}\n`)
    for (const note of verdict.notes) process.stdout.write(`     recovered: ${note}\n`)
  }
}
process.stdout.write(
  `${sum.acknowledged} operations acknowledged; of those cut off ${sum.whole} were there whole, ${sum.absent} not at all; ${sum.resumed} imports were carried out after a kill\n`,
)
if (sum.acknowledged === 0) {
  sum.failed += 1
  process.stdout.write('FAIL nothing was acknowledged in any round: nothing could be lost\n')
}
if (values.keep) process.stdout.write(`kept: ${dataDirectory}\n`)
else await rm(dataDirectory, { recursive: true, force: true })
process.stdout.write(`conformance/crash: ${sum.passed} passed, ${sum.failed} failed, 0 skipped\n`)
process.exitCode = sum.failed === 0 ? 0 : 1

// Some kills hit the opening; for some the clock starts when the directory is open, so that they hit the first work; for most when a first
// operation was acknowledged, so that there is something to lose, however slow the machine.
async function work(prefix: string, workMs: number): ReturnType<typeof workUntilKilled> {
  const args = [join(import.meta.dirname, 'worker.ts'), dataDirectory, prefix]
  const from = chooseBeginning()
  const afterMs = from === 'start' ? workMs / 4 : workMs
  return await workUntilKilled(args, { from, afterMs, patienceMs: LONGEST_WAIT_MS }, (line) =>
    ledger.note(line),
  )
}

function chooseBeginning(): Beginning {
  if (choices.chance(0.1)) return 'start'
  return choices.chance(0.3) ? 'open' : 'done'
}
