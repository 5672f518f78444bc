import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Adds to the lock file the packages of other platforms that npm left out because the registry it asked does not serve them:
 * without them `npm ci` refuses the lock file, or installs no binary on such a platform. To be run after `npm install`.
 * Platform, processor and C library are read from the package's name, as all our native packages have it.
 */
interface LockedPackage {
  readonly version?: string
  readonly license?: string
  readonly engines?: Readonly<Record<string, string>>
  readonly dev?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const path = join(import.meta.dirname, '..', 'package-lock.json')
const lock: { packages: Record<string, LockedPackage> } = JSON.parse(await readFile(path, 'utf8'))
const added: string[] = []
for (const [owner, entry] of Object.entries(lock.packages))
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${owner}/node_modules/${name}`]) continue
    lock.packages[`node_modules/${name}`] = describePlatformPackage(name, version, entry)
    added.push(name)
  }
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)))
await writeFile(path, `${JSON.stringify(lock, null, 2)}\n`)
process.stdout.write(`${added.length} packages of other platforms added\n`)

function describePlatformPackage(name: string, version: string, owner: LockedPackage): LockedPackage {
  const match = /-(android|darwin|linux|win32|freebsd)-([a-z0-9]+)(?:-(gnu|musl|msvc))?/.exec(name)
  if (!match) throw new Error(`${name} does not name a platform`)
  const [, os = '', cpu = '', libc] = match
  return {
    version,
    ...(owner.dev ? { dev: true } : {}),
    cpu: [cpu],
    ...(owner.license ? { license: owner.license } : {}),
    optional: true,
    os: [os],
    ...(libc === 'musl' ? { libc: ['musl'] } : {}),
  } as LockedPackage
}
