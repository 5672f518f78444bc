// Runs the test suite with the Node that the project pins, and closes with one line that sums it.
// Plain JavaScript of old: it must be able to say which Node is needed when it is run by one that is too old.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Timeskein's tests need Node 22.18 or newer; this is ${process.versions.node}. "npm ci" installs Node 24 for Linux and Windows on x64 and Linux on arm64; elsewhere install Node 24 from your system's packages.`,
  )
  process.exit(1)
}
const folder = mkdtempSync(join(tmpdir(), 'timeskein-tests-'))
const reportFile = join(folder, 'report.json')
try {
  const vitest = join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs')
  const run = spawnSync(
    process.execPath,
    [
      vitest,
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${reportFile}`,
      ...process.argv.slice(2),
    ],
    { stdio: 'inherit' },
  )
  const report = JSON.parse(readFileSync(reportFile, 'utf8'))
  const skipped = report.numPendingTests + report.numTodoTests
  // A file that cannot even be loaded has no tests to count: it counts as one that failed.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  const failed = report.numFailedTests + brokenFiles.length
  console.log(
    `tests: ${report.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`,
  )
  process.exitCode = run.status === 0 && failed === 0 ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
