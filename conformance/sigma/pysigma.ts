import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Tally } from './tally.ts'

const HERE = import.meta.dirname
const ENVIRONMENT = join(HERE, '.cache', 'venv')
const MAX_OUTPUT_BYTES = 200_000_000

/**
 * Converts files of rules to query strings with pySigma's backend for OpenSearch.
 *
 * @param python - What `preparePython` found.
 * @param pipelineFile - A pipeline of pySigma's form. @default none
 * @returns By file its questions, or, as one text, why it has none; as one text why nothing could be converted.
 */
export function convertByPySigma(
  python: string,
  files: readonly string[],
  pipelineFile?: string,
): Readonly<Record<string, readonly string[] | string>> | string {
  const run = spawnSync(
    python,
    [join(HERE, 'convert.py'), ...(pipelineFile === undefined ? [] : [pipelineFile])],
    { input: files.join('\n'), encoding: 'utf8', maxBuffer: MAX_OUTPUT_BYTES },
  )
  return run.status === 0 ? JSON.parse(run.stdout) : run.stderr.slice(-500)
}

/** The Python of a virtual environment that has the pinned packages; undefined, with the reason told, when it cannot be made. */
export function preparePython(tally: Tally): string | undefined {
  const requirements = join(HERE, 'requirements.txt')
  const python = join(ENVIRONMENT, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
  const stamp = join(ENVIRONMENT, 'requirements.txt')
  const wanted = readFileSync(requirements, 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python
  const made = spawnSync('python3', ['-m', 'venv', '--clear', ENVIRONMENT], { encoding: 'utf8' })
  const installed =
    made.status === 0
      ? spawnSync(
          python,
          ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
          { encoding: 'utf8' },
        )
      : made
  if (installed.status !== 0) {
    const reason = installed.error?.message ?? installed.stderr.trim().split('\n').at(-1)
    tally.skip(`pySigma: no virtual environment with its packages (${reason})`)
    return undefined
  }
  writeFileSync(stamp, wanted)
  return python
}
