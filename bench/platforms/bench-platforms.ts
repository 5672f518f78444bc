import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figure } from '../figures.ts'
import { startServer } from '../skein-process.ts'
import { tellStep } from '../tell-step.ts'
import { measureCalls, measurePush } from './measure-calls.ts'
import { measurePages } from './measure-pages.ts'
import { measurePull } from './measure-pull.ts'
import { makePlatformKeys, seedPlatform } from './seed-platform.ts'

/** APIs of other platforms over so many alerts, what is pushed to one, and pulls. */
export async function benchPlatforms(alerts: number): Promise<readonly Figure[]> {
  const size = { alerts, devices: Math.round(alerts / 10) }
  const platform = await seedPlatform(size)
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-bench-'))
  try {
    const count = size.alerts + size.devices
    const figures: Figure[] = [
      {
        name: 'items of files to events and alerts',
        ours: count / platform.importSeconds,
        unit: 'items/s',
        note: `${count.toLocaleString('en')} items, when the data was made`,
      },
    ]
    {
      await using server = await startServer(platform.dataDirectory)
      tellStep('pages of lists')
      figures.push(...(await measurePages(server.url, platform, size)))
      tellStep('tokens, searches, compiling')
      figures.push(...(await measureCalls(server.url, platform.keys)))
      tellStep('pulls')
      figures.push(...(await measurePull(folder, server.url, platform, size)))
    }
    tellStep('events pushed to an intake')
    const pushed = join(folder, 'pushed')
    const keys = await makePlatformKeys(pushed)
    await using server = await startServer(pushed)
    figures.push(await measurePush(server.url, keys))
    return figures
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
