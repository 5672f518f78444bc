import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createChoices } from '../opensearch/random.ts'
import { Ledger } from './ledger.ts'
import { verify } from './verify.ts'

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
/** A worker that says nothing for so long is killed all the same: its round may have acknowledged nothing. */
const LONGEST_WAIT_MS = 60_000

const choices = createChoices(seed)
const dataDirectory = await mkdtemp(join(tmpdir(), 'timeskein-crash-'))
const ledger = new Ledger()
const sum = { passed: 0, failed: 0, acknowledged: 0, whole: 0, absent: 0, resumed: 0 }
process.stdout.write(`seed ${seed}, ${rounds} rounds\n`)
for (let round = 1; round <= rounds; round += 1) {
  // Some kills follow on another and nobody looks between them: they may hit what the start takes up again.
  for (let kill = 1; kill === 1 || choices.chance(0.3); kill += 1)
    sum.acknowledged += await workUntilKilled(`r${round}k${kill}`, choices.between(0, LONGEST_WORK_MS))
  const verdict = await verify(dataDirectory, ledger, round === rounds)
  sum.whole += verdict.whole
  sum.absent += verdict.absent
  sum.resumed += verdict.resumed
  if (verdict.problems.length === 0) sum.passed += 1
  else {
    sum.failed += 1
    process.stdout.write(`FAIL round ${round}: ${verdict.problems.slice(0, 5).join('; ')}\n`)
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
async function workUntilKilled(prefix: string, workMs: number): Promise<number> {
  const worker = spawn(process.execPath, [join(import.meta.dirname, 'worker.ts'), dataDirectory, prefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let timer: NodeJS.Timeout | undefined
  const kill = (): void => void worker.kill('SIGKILL')
  const patience = setTimeout(kill, LONGEST_WAIT_MS)
  let acknowledged = 0
  const from = chooseBeginning()
  if (from === 'start') timer = setTimeout(kill, workMs / 4)
  const ended = new Promise<number | null>((resolve) => worker.once('exit', (code) => resolve(code)))
  for await (const line of createInterface({ input: worker.stdout })) {
    const { is } = ledger.note(line)
    if (is === 'done') acknowledged += 1
    if (is === from) timer ??= setTimeout(kill, workMs)
  }
  const code = await ended
  clearTimeout(timer)
  clearTimeout(patience)
  if (code !== null) throw new Error(`the worker ended by itself with code ${code}`)
  return acknowledged
}

/** What the time until a kill is counted from: the process's start, or what its worker says. */
function chooseBeginning(): 'start' | 'open' | 'done' {
  if (choices.chance(0.1)) return 'start'
  return choices.chance(0.3) ? 'open' : 'done'
}
