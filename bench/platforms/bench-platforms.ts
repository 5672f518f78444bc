import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figure } from '../figures.ts'
import { runSkein } from '../skein-process.ts'
import { tellStep } from '../tell-step.ts'
import { measureCalls } from './measure-calls.ts'
import { measurePages } from './measure-pages.ts'
import { type PlatformKeys, seedPlatform } from './seed-platform.ts'

/** APIs of other platforms over so many alerts, and a pull of them. */
export async function benchPlatforms(alerts: number): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-bench-'))
  try {
    const devices = Math.round(alerts / 10)
    const platform = await seedPlatform(folder, { alerts, devices })
    await using server = await platform.start()
    const count = alerts + devices
    const figures: Figure[] = [
      {
        name: 'items of files to events and alerts',
        ours: count / platform.importSeconds,
        unit: 'items/s',
        note: `${count.toLocaleString('en')} items`,
      },
    ]
    tellStep('pages of lists')
    figures.push(...(await measurePages(server.url, platform.keys)))
    tellStep('tokens, searches, pushes, compiling')
    figures.push(...(await measureCalls(server.url, platform.keys)))
    tellStep('a pull of everything')
    figures.push(await measurePull(folder, server.url, platform.keys))
    return figures
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measurePull(folder: string, url: string, { elements }: PlatformKeys): Promise<Figure> {
  const place = ['--data', join(folder, 'pulled'), '--quiet']
  const words = ['connect', 'add', 'elements', '--name', 'bench', '--sketch', 'pulled', '--secret-stdin']
  await pipeToSkein(JSON.stringify(elements), [...words, '--url', `${url}/elements`, ...place])
  const run = await runSkein(['pull', 'bench', '--since', 'now-400d', '--json', ...place])
  const { bench } = JSON.parse(run.stdout) as { bench: { read: number } }
  return {
    name: 'pull of Elements',
    ours: bench.read / run.seconds,
    unit: 'items/s',
    note: `${bench.read.toLocaleString('en')} items, the server on the same machine`,
  }
}

async function pipeToSkein(text: string, args: readonly string[]): Promise<void> {
  const skein = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'skein.js')
  const child = spawn(process.execPath, [skein, ...args], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(text)
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`skein ${args[0]} ended with code ${String(code)}`)
}
