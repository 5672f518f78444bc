import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveForChecks } from './serve.ts'

/**
 * The first judge: the official Python packages of Timesketch, unmodified, against a server of ours on a free port of this
 * machine. Arguments narrow the checks to those whose names contain one of them.
 */
const HERE = import.meta.dirname
const CACHE = join(HERE, '.cache')
const REQUIREMENTS = join(HERE, 'requirements.txt')

const python = await preparePython()
if (python === undefined) process.exit(0)
const folder = await mkdtemp(join(tmpdir(), 'skein-conformance-python-'))
try {
  await using server = await serveForChecks(join(folder, 'data'))
  const files = join(folder, 'files')
  await mkdir(files)
  const { user, admin } = server
  process.exitCode = await run(python, [
    join(HERE, 'checks.py'),
    server.url,
    ...[user.username, user.password, admin.username, admin.password],
    files,
    ...process.argv.slice(2),
  ])
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** The Python of a virtual environment that has the pinned packages; undefined, with the reason told, when it cannot be made. */
async function preparePython(): Promise<string | undefined> {
  const system = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0)
  if (system === undefined) return skip('there is no python3 on this machine')
  const wanted = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex')
  const environment = join(CACHE, 'venv')
  const stamp = join(environment, 'requirements.sha256')
  const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python
  process.stdout.write('making a virtual environment with the pinned packages …\n')
  await rm(environment, { recursive: true, force: true })
  await mkdir(CACHE, { recursive: true })
  const made = spawnSync(system, ['-m', 'venv', environment], { encoding: 'utf8' })
  if (made.status !== 0) return skip(`python cannot make a virtual environment: ${lastLine(made.stderr)}`)
  const installed = spawnSync(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS],
    { encoding: 'utf8' },
  )
  if (installed.status !== 0) return skip(`pip cannot install the packages: ${lastLine(installed.stderr)}`)
  writeFileSync(stamp, wanted)
  return python
}

function skip(reason: string): undefined {
  process.stdout.write(`skipped: ${reason}\nconformance/python: 0 passed, 0 failed, 1 skipped\n`)
  return undefined
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

async function run(command: string, args: readonly string[]): Promise<number> {
  const child = spawn(command, args, {
    stdio: 'inherit',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  return await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}
