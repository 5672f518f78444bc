import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Figure } from '../figures.ts'
import { runSkein } from '../skein-process.ts'
import type { SeededPlatform } from './seed-platform.ts'

const SKEIN = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'skein.js')
/** Days before the end of the year whose security events are pulled; devices always are, all of them. */
const PULLED_DAYS = 20

/** A pull of Elements from a server on the same machine into a data directory that has nothing yet. */
export async function measurePull(
  dataDirectory: string,
  url: string,
  { keys, endMs }: SeededPlatform,
): Promise<Figure> {
  const place = ['--data', dataDirectory, '--quiet']
  const words = ['connect', 'add', 'elements', '--name', 'bench', '--sketch', 'pulled', '--secret-stdin']
  const reach = ['--allow-private', '--url', `${url}/elements`]
  await pipeToSkein(JSON.stringify(keys.elements), [...words, ...reach, ...place])
  const since = new Date(endMs - PULLED_DAYS * 86_400_000).toISOString()
  const run = await runSkein(['pull', 'bench', '--since', since, '--json', ...place])
  const { bench } = JSON.parse(run.stdout) as { bench: { read: number } }
  return {
    name: 'pull of Elements',
    ours: bench.read / run.seconds,
    unit: 'items/s',
    note: `${bench.read.toLocaleString('en')} items, the server on the same machine, start included`,
  }
}

async function pipeToSkein(text: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [SKEIN, ...args], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(text)
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`skein ${args[0]} ended with code ${String(code)}`)
}
