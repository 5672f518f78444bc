import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'

const HERE = import.meta.dirname
const CACHE = join(HERE, '.cache')
const REQUIREMENTS = join(HERE, 'requirements.txt')
const ORACLES = join(HERE, 'oracles.py')

/** A Python with the pinned packages, or why there is none. */
export type Python = { readonly command: string } | { readonly missing: string }

const prepared = new Map<string, Promise<Python>>()

/**
 * Makes a virtual environment, once for a run and anew when the pins change.
 *
 * @param requirements - A file of pins. @default that of the event log's judges
 */
export function preparePython(requirements: string = REQUIREMENTS): Promise<Python> {
  const known = prepared.get(requirements)
  if (known !== undefined) return known
  const name = requirements === REQUIREMENTS ? 'venv' : `venv-${basename(dirname(requirements))}`
  const made = makeEnvironment(name, requirements)
  prepared.set(requirements, made)
  return made
}

async function makeEnvironment(name: string, requirements: string): Promise<Python> {
  const system = ['python3', 'python'].find((one) => spawnSync(one, ['--version']).status === 0)
  if (system === undefined) return { missing: 'there is no python3 on this machine' }
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  const environment = join(CACHE, name)
  const stamp = join(environment, 'requirements.sha256')
  const command = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { command }
  await rm(environment, { recursive: true, force: true })
  await mkdir(CACHE, { recursive: true })
  const steps: readonly (readonly [string, readonly string[]])[] = [
    [system, ['-m', 'venv', environment]],
    [
      command,
      ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements],
    ],
  ]
  for (const [program, args] of steps) {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (status !== 0)
      return { missing: `the packages cannot be installed: ${stderr.trim().split('\n').at(-1)}` }
  }
  writeFileSync(stamp, wanted)
  return { command }
}

/** Asks one of the oracles about files: what it prints, a JSON value a line. */
export async function* askOracle(
  command: string,
  oracle: 'crate' | 'counts',
  files: readonly string[],
): AsyncGenerator<unknown> {
  const child = spawn(command, [ORACLES, oracle], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(`${files.join('\n')}\n`)
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
  for await (const line of createInterface({ input: child.stdout })) yield JSON.parse(line)
  const code = await ended
  if (code !== 0) throw new Error(`the oracle ${oracle} ended with code ${code}`)
}
