import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Figure } from '../figures.ts'
import { runSkein } from '../skein-process.ts'
import { readSource } from './read-source.ts'
import type { SeededPlatform } from './seed-platform.ts'

const SKEIN = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'skein.js')
/** Days before the end of the year whose security events are pulled; devices always are, all of them. */
const PULLED_DAYS = 20

/**
 * A pull of Elements from a server on the same machine into a data directory that has nothing yet; before it, what the same pages give to
 * whoever only reads them.
 */
export async function measurePull(
  dataDirectory: string,
  url: string,
  { keys, endMs }: SeededPlatform,
): Promise<readonly Figure[]> {
  const since = new Date(endMs - PULLED_DAYS * 86_400_000).toISOString()
  const source = await readSource(url, keys, since)
  const place = ['--data', dataDirectory, '--quiet']
  const words = ['connect', 'add', 'elements', '--name', 'bench', '--sketch', 'pulled', '--secret-stdin']
  const reach = ['--allow-private', '--url', `${url}/elements`]
  await pipeToSkein(JSON.stringify(keys.elements), [...words, ...reach, ...place])
  const run = await runSkein(['pull', 'bench', '--since', since, '--json', ...place])
  const { bench } = JSON.parse(run.stdout) as { bench: { read: number } }
  const told = (count: number, what = 'items'): string => `${count.toLocaleString('en')} ${what}`
  return [
    {
      name: 'the same pages of Elements, read and thrown away',
      ours: source.items / source.seconds,
      unit: 'items/s',
      note: `${told(source.items)} in ${told(source.pages, 'pages')}, the server on the same machine`,
    },
    {
      name: 'pull of Elements',
      ours: bench.read / run.seconds,
      unit: 'items/s',
      note: `${told(bench.read)}, the server on the same machine, start included`,
    },
  ]
}

async function pipeToSkein(text: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [SKEIN, ...args], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(text)
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`skein ${args[0]} ended with code ${String(code)}`)
}
