import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { runSkein, type SkeinServer, startServer } from '../skein-process.ts'
import { tellStep } from '../tell-step.ts'

/** Keys for the APIs of other platforms, as `skein key create --json` prints them. */
export interface PlatformKeys {
  readonly elements: { readonly client_id: string; readonly client_secret: string }
  readonly sekoia: { readonly key: string }
  readonly threatstack: { readonly key: string }
}

/** A server with alerts and devices that its dialects show. */
export interface SeededPlatform {
  readonly dataDirectory: string
  readonly keys: PlatformKeys
  /** From the file to alerts that are listed. */
  readonly importSeconds: number
  start(): Promise<SkeinServer>
}

/** The year that the alerts are spread over ends now. */
const YEAR_MS = 365 * 86_400_000

/** Makes a data directory with so many security events and devices of WithSecure Elements. */
export async function seedPlatform(
  folder: string,
  { alerts, devices }: { readonly alerts: number; readonly devices: number },
): Promise<SeededPlatform> {
  const dataDirectory = join(folder, 'platform')
  const place = ['--data', dataDirectory, '--quiet', '--json']
  const file = join(folder, 'items.jsonl')
  tellStep(
    `import of ${alerts.toLocaleString('en')} security events and ${devices.toLocaleString('en')} devices`,
  )
  await pipeline(Readable.from(makeLines(alerts, devices)), createWriteStream(file))
  const run = await runSkein(['import', file, '--sketch', 'platform', ...place])
  const makeKey = async <Key>(kind: string): Promise<Key> => {
    const { stdout } = await runSkein(['key', 'create', '--for', kind, '--user', 'admin', ...place])
    return JSON.parse(stdout) as Key
  }
  return {
    dataDirectory,
    importSeconds: run.seconds,
    keys: {
      elements: await makeKey('elements'),
      sekoia: await makeKey('sekoia'),
      threatstack: await makeKey('threatstack'),
    },
    start: () => startServer(dataDirectory),
  }
}

function* makeLines(alerts: number, devices: number): Generator<string> {
  const nowMs = Date.now()
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
