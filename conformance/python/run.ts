import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preparePython, runPython } from './environment.ts'
import { serveForChecks } from './serve.ts'

/**
 * The first judge: the official Python packages of Timesketch, unmodified, against a server of ours on a free port of this
 * machine. Arguments narrow the checks to those whose names contain one of them.
 */
const HERE = import.meta.dirname

const environment = await preparePython(HERE)
if ('skipped' in environment) {
  process.stdout.write(`skipped: ${environment.skipped}\nconformance/python: 0 passed, 0 failed, 1 skipped\n`)
  process.exit(0)
}
const folder = await mkdtemp(join(tmpdir(), 'skein-conformance-python-'))
try {
  await using server = await serveForChecks(join(folder, 'data'))
  const files = join(folder, 'files')
  await mkdir(files)
  const { user, admin } = server
  process.exitCode = await runPython(environment.python, [
    join(HERE, 'checks.py'),
    server.url,
    ...[user.username, user.password, admin.username, admin.password],
    files,
    ...process.argv.slice(2),
  ])
} finally {
  await rm(folder, { recursive: true, force: true })
}
