import { spawn } from 'node:child_process'

/** One step of CI: a command whose output says how many checks passed, or that counts as one check itself. */
interface Step {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

interface Sum {
  passed: number
  failed: number
  skipped: number
}

const STEPS: readonly Step[] = [
  { name: 'npm test', command: ['npm', 'test'] },
  { name: 'types', command: ['npm', 'run', 'types'] },
  { name: 'check', command: ['npm', 'run', 'check'] },
  { name: 'conformance', command: ['npm', 'run', 'conformance'] },
]
/** How a step names a check that failed. */
const FAILED_LINE = /^\s*FAIL\s/
/** `12 passed, 0 failed, 3 skipped`, after an optional name. */
const SUM_LINE = /^(?:[\w/ -]+: )?(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/

const total: Sum = { passed: 0, failed: 0, skipped: 0 }
const failedLines: string[] = []
for (const step of STEPS) {
  process.stdout.write(`\n=== ${step.name}\n`)
  const sum = await runStep(step)
  total.passed += sum.passed
  total.failed += sum.failed
  total.skipped += sum.skipped
}
// Of a long output only the end may be kept.
if (failedLines.length > 0) process.stdout.write(`\n=== what failed\n${failedLines.join('\n')}\n`)
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
process.stdout.write(`\ntests: ${total.passed} passed, ${total.failed} failed${skipped}\n`)
process.exitCode = total.failed === 0 ? 0 : 1

/** Runs one step; takes its last sum line, or counts the step as one check by its exit code. */
async function runStep(step: Step): Promise<Sum> {
  const [program, ...args] = step.command
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let found: Sum | undefined
  let tail = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    process.stdout.write(text)
    const lines = (tail + text).split('\n')
    tail = lines.pop() ?? ''
    for (const line of lines) {
      if (FAILED_LINE.test(line)) failedLines.push(line)
      const match = SUM_LINE.exec(line.trim())
      if (match)
        found = { passed: Number(match[1]), failed: Number(match[2]), skipped: Number(match[3] ?? 0) }
    }
  })
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  const sum = found ?? { passed: exitCode === 0 ? 1 : 0, failed: 0, skipped: 0 }
  if (exitCode !== 0 && sum.failed === 0) {
    sum.failed = 1
    failedLines.push(`FAIL ${step.name}: ended with ${exitCode}`)
  }
  return sum
}
