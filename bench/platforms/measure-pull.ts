import { spawn } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Figure, median } from '../figures.ts'
import { runSkein } from '../skein-process.ts'
import { readSource } from './read-source.ts'
import type { PlatformKeys, PlatformSize, SeededPlatform } from './seed-platform.ts'

const SKEIN = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'skein.js')
/** Days before the end of the year whose security events are pulled; devices always are, all of them. */
const PULLED_DAYS = 20

/** Pulls of which the middle one is told, with the rates of all. */
const ROUNDS = 3

/**
 * Pulls of Elements from a server on the same machine, each into a data directory that has nothing yet; before them, what the same pages
 * give to whoever only reads them.
 * One stream is read and stored after the other: each has its own rate beside that of the whole.
 *
 * @param folder - Where the data directories are made.
 */
export async function measurePull(
  folder: string,
  url: string,
  { keys, endMs }: SeededPlatform,
  { devices }: PlatformSize,
): Promise<readonly Figure[]> {
  const since = new Date(endMs - PULLED_DAYS * 86_400_000).toISOString()
  const source = await readSource(url, keys, since)
  const pulls: Pull[] = []
  for (let round = 0; round < ROUNDS; round += 1) {
    const dataDirectory = join(folder, `pulled-${round}`)
    pulls.push(await pullOnce(dataDirectory, url, keys, since))
    await rm(dataDirectory, { recursive: true })
  }
  const rates = pulls.map(({ items, seconds }) => items / seconds)
  const events = pulls[0]!.items - devices
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
      ours: median(rates),
      unit: 'items/s',
      note: `${told(pulls[0]!.items)}, the server on the same machine, start included; median of ${rates.map((rate) => Math.round(rate).toLocaleString('en')).join(', ')}`,
    },
    {
      name: 'of it devices',
      ours: median(pulls.map(({ devicesAt, eventsAt }) => devices / (eventsAt - devicesAt))),
      unit: 'items/s',
      note: `${told(devices)}, brought once; from their first page to that of security events`,
    },
    {
      name: 'of it security events',
      ours: median(pulls.map(({ eventsAt, seconds }) => events / (seconds - eventsAt))),
      unit: 'items/s',
      note: `${told(events)}, each an alert of a known device; from their first page to the end of the process`,
    },
    {
      name: 'start of a pull until its first page',
      ours: median(pulls.map(({ devicesAt }) => devicesAt)),
      unit: 's',
      note: 'with the connection, the token and that page',
    },
  ]
}

/** One pull; its times are seconds since its process began. */
interface Pull {
  readonly items: number
  readonly seconds: number
  /** When the first page of each came. */
  readonly devicesAt: number
  readonly eventsAt: number
}

async function pullOnce(
  dataDirectory: string,
  url: string,
  keys: PlatformKeys,
  since: string,
): Promise<Pull> {
  const place = ['--data', dataDirectory, '--quiet']
  const words = ['connect', 'add', 'elements', '--name', 'bench', '--sketch', 'pulled', '--secret-stdin']
  const reach = ['--allow-private', '--url', `${url}/elements`]
  await pipeToSkein(JSON.stringify(keys.elements), [...words, ...reach, ...place])
  const begun = new Map<string, number>()
  const startedMs = performance.now()
  const run = await runSkein(
    ['pull', 'bench', '--since', since, '--json', '--data', dataDirectory],
    (line) => {
      const stream = /^bench: ([a-z-]+): \d+ items/.exec(line)?.[1]
      if (stream !== undefined && !begun.has(stream))
        begun.set(stream, (performance.now() - startedMs) / 1000)
      else if (stream === undefined) process.stderr.write(`${line}\n`)
    },
  )
  const { bench } = JSON.parse(run.stdout) as { bench: { read: number } }
  const timeOf = (stream: string): number => {
    const seconds = begun.get(stream)
    if (seconds === undefined) throw new Error(`the pull told nothing of ${stream}`)
    return seconds
  }
  return {
    items: bench.read,
    seconds: run.seconds,
    devicesAt: timeOf('devices'),
    eventsAt: timeOf('security-events'),
  }
}

async function pipeToSkein(text: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [SKEIN, ...args], { stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(text)
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new Error(`skein ${args[0]} ended with code ${String(code)}`)
}
