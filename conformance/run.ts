import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runJudge } from './run-judge.ts'

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
  'platforms',
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
