import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** The Python of a virtual environment, or why there is none. */
export type PythonEnvironment =
  | { readonly python: string; readonly folder: string }
  | { readonly skipped: string }

/**
 * A virtual environment with the packages of a judge's `requirements.txt`, made in its `.cache/` and made anew when they change.
 *
 * @param judge - Its folder.
 */
export async function preparePython(judge: string): Promise<PythonEnvironment> {
  const system = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0)
  if (system === undefined) return { skipped: 'there is no python3 on this machine' }
  const requirements = join(judge, 'requirements.txt')
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex')
  const cache = join(judge, '.cache')
  const folder = join(cache, 'venv')
  const stamp = join(folder, 'requirements.sha256')
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { python, folder }
  process.stdout.write('making a virtual environment with the pinned packages …\n')
  await rm(folder, { recursive: true, force: true })
  await mkdir(cache, { recursive: true })
  const made = spawnSync(system, ['-m', 'venv', folder], { encoding: 'utf8' })
  if (made.status !== 0)
    return { skipped: `python cannot make a virtual environment: ${lastLine(made.stderr)}` }
  const installed = spawnSync(
    python,
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements],
    { encoding: 'utf8' },
  )
  if (installed.status !== 0)
    return { skipped: `pip cannot install the packages: ${lastLine(installed.stderr)}` }
  writeFileSync(stamp, wanted)
  return { python, folder }
}

/** Runs a program of it and shows what it prints. @returns Its exit code. */
export async function runPython(
  python: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = spawn(python, args, {
    stdio: 'inherit',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...env },
  })
  return await new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
