// Runs the test suite with the Node that the project pins, and closes with one line that sums it.
// Plain JavaScript of old: it must be able to say which Node is needed when it is run by one that is too old.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Timeskein's tests need Node 22.18 or newer; this is ${process.versions.node}. "npm ci" installs Node 24 for Linux and Windows on x64 and Linux on arm64; elsewhere install Node 24 from your system's packages.`,
  )
  process.exit(1)
}
const { status } = spawnSync(
  process.execPath,
  [
    join(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    '--reporter=default',
    `--reporter=${join(import.meta.dirname, 'sum-reporter.js')}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
)
process.exitCode = status === 0 ? 0 : 1
