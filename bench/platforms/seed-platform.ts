import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SCHEMA_VERSION } from '../../packages/server/src/db/migrate.ts'
import { DATA_FOLDER } from '../data/synthetic.ts'
import { runSkein } from '../skein-process.ts'
import { tellStep } from '../tell-step.ts'

/** Keys for the APIs of other platforms, as `skein key create --json` prints them. */
export interface PlatformKeys {
  readonly elements: { readonly client_id: string; readonly client_secret: string }
  readonly sekoia: { readonly key: string }
  readonly threatstack: { readonly key: string }
  readonly threatstackV2: { readonly user_id: string; readonly org_id: string; readonly key: string }
}

/** How much a data directory holds. */
export interface PlatformSize {
  readonly alerts: number
  readonly devices: number
}

/** A data directory with alerts and devices that the dialects show. */
export interface SeededPlatform {
  readonly dataDirectory: string
  readonly keys: PlatformKeys
  /** The year that the alerts are spread over ends here. */
  readonly endMs: number
  /** From the file to alerts that are listed, when it was made. */
  readonly importSeconds: number
}

const YEAR_MS = 365 * 86_400_000
/** What is asked here is asked more often than platforms let one key ask. */
const LIMITS = ['elements', 'sekoia', 'threatstack'].map(
  (name) => `${name}: {requestsPerMinute: 1000000000}\n`,
)

/**
 * Makes a data directory with so many security events and devices of WithSecure Elements. It is kept: another run with the same
 * tables begins at once, and leaves it as it is.
 */
export async function seedPlatform(size: PlatformSize): Promise<SeededPlatform> {
  const folder = join(DATA_FOLDER, `platform-${size.alerts}-v${SCHEMA_VERSION}`)
  const account = join(folder, 'seeded.json')
  if (!existsSync(account)) {
    const draft = `${folder}.draft`
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true })
    await writeFile(join(draft, 'seeded.json'), JSON.stringify(await fill(draft, size)))
    await rename(draft, folder)
  }
  const { keys, endMs, importSeconds } = JSON.parse(await readFile(account, 'utf8')) as SeededPlatform
  return { dataDirectory: join(folder, 'data'), keys, endMs, importSeconds }
}

async function fill(folder: string, size: PlatformSize): Promise<Omit<SeededPlatform, 'dataDirectory'>> {
  const endMs = Date.now()
  const dataDirectory = join(folder, 'data')
  const file = join(folder, 'items.jsonl')
  const count = (number: number): string => number.toLocaleString('en')
  tellStep(
    `import of ${count(size.alerts)} security events and ${count(size.devices)} devices, kept for the next run`,
  )
  await pipeline(Readable.from(makeLines(size, endMs)), createWriteStream(file))
  const place = ['--data', dataDirectory, '--quiet', '--json']
  const { seconds } = await runSkein(['import', file, '--sketch', 'platform', ...place])
  await rm(file)
  return { keys: await makePlatformKeys(dataDirectory), endMs, importSeconds: seconds }
}

/** Keys of the administrator of a data directory, which may ask as often as they like. */
export async function makePlatformKeys(dataDirectory: string): Promise<PlatformKeys> {
  const makeKey = async <Key>(kind: string): Promise<Key> => {
    const place = ['--data', dataDirectory, '--quiet', '--json']
    const { stdout } = await runSkein(['key', 'create', '--for', kind, '--user', 'admin', ...place])
    return JSON.parse(stdout) as Key
  }
  const keys = {
    elements: await makeKey<PlatformKeys['elements']>('elements'),
    sekoia: await makeKey<PlatformKeys['sekoia']>('sekoia'),
    threatstack: await makeKey<PlatformKeys['threatstack']>('threatstack'),
    threatstackV2: await makeKey<PlatformKeys['threatstackV2']>('threatstack-v2'),
  }
  await mkdir(join(dataDirectory, 'config'), { recursive: true })
  await writeFile(join(dataDirectory, 'config', 'platforms.yaml'), LIMITS.join(''))
  return keys
}

function* makeLines({ alerts, devices }: PlatformSize, nowMs: number): Generator<string> {
  for (let number = 0; number < devices; number += 1)
    yield `${JSON.stringify({
      id: `device-${number}`,
      name: `WS-${number}`,
      type: 'computer',
      state: 'active',
      protectionStatusOverview: number % 50 === 0 ? 'critical' : 'allOk',
      protectionStatus: 'protected',
      registrationTimestamp: new Date(nowMs - YEAR_MS).toISOString(),
      statusUpdateTimestamp: new Date(nowMs).toISOString(),
    })}\n`
  for (let number = 0; number < alerts; number += 1) {
    const time = new Date(nowMs - YEAR_MS + Math.floor((number / alerts) * YEAR_MS)).toISOString()
    yield `${JSON.stringify({
      id: `event-${number}`,
      severity: ['info', 'warning', 'critical'][number % 3],
      engine: ['deepGuard', 'firewall', 'fileScanning', 'amsi'][number % 4],
      action: 'blocked',
      acknowledged: number % 10 === 0,
      clientTimestamp: time,
      serverTimestamp: time,
      persistenceTimestamp: time,
      userName: `ACME\\user${number % 500}`,
      device: { id: `device-${number % devices}`, name: `WS-${number % devices}` },
      details: { alertType: 'deep_guard.admin.block', filePath: `C:\\Users\\u\\${number}.exe`, sha1: 'e178' },
    })}\n`
  }
}
