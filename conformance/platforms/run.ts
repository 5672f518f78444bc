import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runJudge } from '../run-judge.ts'

/**
 * Runs the judges of the platforms' APIs and of what pulls from them: every folder beside this file that has a `run.ts`, or only
 * those named. Each prints `<name>: N passed, N failed, N skipped` as its last line.
 */
const wanted = process.argv.slice(2)
const names = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(import.meta.dirname, entry.name, 'run.ts')))
  .map(({ name }) => name)
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .sort()
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) throw new Error(`there is no conformance/platforms/${unknown[0]}`)
const sum = { passed: 0, failed: 0, skipped: 0 }
for (const name of names) {
  process.stdout.write(`\n--- conformance/platforms/${name}\n`)
  const { passed, failed, skipped } = await runJudge(join(import.meta.dirname, name, 'run.ts'))
  sum.passed += passed
  sum.failed += failed
  sum.skipped += skipped
}
process.stdout.write(
  `conformance/platforms: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`,
)
process.exitCode = sum.failed === 0 ? 0 : 1
