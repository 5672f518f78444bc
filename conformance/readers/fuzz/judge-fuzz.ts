import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Report } from '../report.ts'

/** No line from the process for so long means that it stalls: it tells of each hundred rounds. */
const STALL_MS = 120_000
const MAX_GROWTH_BYTES = 400_000_000

interface Progress {
  readonly rounds: number
  readonly residentBytes: number
  readonly failures: readonly string[]
}

/** The process that damages and reads, and what it is called. */
export interface FuzzProcess {
  readonly worker: string
  readonly what: string
}

/** Feeds damaged evidence to a process of its own: it must live, go on, stay small, and find nothing wrong. */
export async function judgeFuzz(
  seed: number,
  rounds: number,
  report: Report,
  { worker, what }: FuzzProcess,
): Promise<void> {
  const child = spawn(process.execPath, [worker, String(seed), String(rounds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let isStalled = false
  const stall = (): void => {
    isStalled = true
    child.kill('SIGKILL')
  }
  let timer = setTimeout(stall, STALL_MS)
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
  let done = 0
  let firstBytes = 0
  let lastBytes = 0
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(timer)
    timer = setTimeout(stall, STALL_MS)
    // What `fuzzRounds` prints.
    const progress = JSON.parse(line) as Progress
    for (const failure of progress.failures) report.fail(failure)
    report.pass(progress.rounds - done - progress.failures.length)
    done = progress.rounds
    lastBytes = progress.residentBytes
    firstBytes ||= lastBytes
  }
  const code = await ended
  clearTimeout(timer)
  if (isStalled) report.fail(`seed ${seed}: nothing came for ${STALL_MS / 1000} s after round ${done}`)
  else if (code !== 0) report.fail(`seed ${seed}: the process ended with code ${code} after round ${done}`)
  if (lastBytes - firstBytes > MAX_GROWTH_BYTES) {
    report.fail(
      `seed ${seed}: memory grew from ${toMb(firstBytes)} to ${toMb(lastBytes)} MB in ${done} rounds`,
    )
  }
  report.say(
    `${done} ${what} (seed ${seed}), memory ${toMb(firstBytes)} MB at first, ${toMb(lastBytes)} MB at last`,
  )
}

function toMb(bytes: number): number {
  return Math.round(bytes / 1e6)
}
