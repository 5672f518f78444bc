import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Skip } from './check.ts'
import type { Account } from './place.ts'

const EXAMPLES = join(import.meta.dirname, '../../examples/timesketch')
const PYTHON = join(import.meta.dirname, '../python/.cache/venv/bin/python')

/** Walks through a server with the official Python client and with ours; both must say the same. */
export async function compareWalks(url: string, { username, password }: Account): Promise<void> {
  if (!existsSync(PYTHON)) throw new Skip('there is no virtual environment: run conformance/python first')
  const args = [url, username, password]
  const ours = await run(process.execPath, [join(EXAMPLES, 'walk_through.ts'), ...args])
  const theirs = await run(PYTHON, [join(EXAMPLES, 'walk_through.py'), ...args])
  if (ours !== theirs) throw new Error(`the walks differ:\n--- TypeScript\n${ours}--- Python\n${theirs}`)
}

async function run(command: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const parts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8')
    child[name].on('data', (part: string) => {
      parts[name] += part
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  if (code === 0) return parts.stdout
  throw new Error(`${args[0]} ended with ${code} after:\n${parts.stdout}${parts.stderr.slice(-2000)}`)
}
