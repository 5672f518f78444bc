import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Runs the judges one after the other (or only those named) and closes with one line that sums them.
 * Each judge is a folder with a `run.ts` that prints `<name>: N passed, N failed, N skipped` as its last line.
 */
const JUDGES = [
  'python',
  'timesketch-replay',
  'sdk',
  'notebooks',
  'opensearch',
  'readers',
  'crash',
  'sigma',
] as const

const wanted = process.argv.slice(2)
const sum = { passed: 0, failed: 0, skipped: 0 }
for (const judge of JUDGES) {
  if (wanted.length > 0 && !wanted.includes(judge)) continue
  const file = join(import.meta.dirname, judge, 'run.ts')
  if (!existsSync(file)) throw new Error(`conformance/${judge}/run.ts is missing`)
  process.stdout.write(`\n--- conformance/${judge}\n`)
  const result = await runJudge(file)
  sum.passed += result.passed
  sum.failed += result.failed
  sum.skipped += result.skipped
}
process.stdout.write(`conformance: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`)
process.exitCode = sum.failed === 0 ? 0 : 1

async function runJudge(file: string): Promise<typeof sum> {
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (part: string) => {
    process.stdout.write(part)
    text = (text + part).slice(-10_000)
  })
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
  const last = [...text.matchAll(/(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/g)].at(-1)
  if (!last) return { passed: 0, failed: 1, skipped: 0 }
  const failed = Number(last[2])
  return {
    passed: Number(last[1]),
    failed: exitCode !== 0 && failed === 0 ? 1 : failed,
    skipped: Number(last[3] ?? 0),
  }
}
