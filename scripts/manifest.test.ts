import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

interface LockedPackage {
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly os?: readonly string[]
  readonly license?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
)
const installed = Object.entries(lock.packages).filter(
  ([path, entry]) => path.startsWith('node_modules/') && !entry.link,
)

test('no package that Linux or Windows installs runs a script at install', () => {
  const running = installed.filter(
    ([, entry]) =>
      entry.hasInstallScript && (!entry.os || entry.os.includes('linux') || entry.os.includes('win32')),
  )
  expect(running.map(([path]) => path)).toEqual([])
})

test('the lock file names no registry', () => {
  expect(installed.filter(([, entry]) => entry.resolved).map(([path]) => path)).toEqual([])
})

test('every dependency of a package is pinned to one version', () => {
  const loose: string[] = []
  for (const name of [
    '.',
    ...readdirSync(join(root, 'packages')).map((folder) => join('packages', folder)),
  ]) {
    const manifest: Record<string, Record<string, string> | undefined> = JSON.parse(
      readFileSync(join(root, name, 'package.json'), 'utf8'),
    )
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
      for (const [dependency, version] of Object.entries(manifest[kind] ?? {}))
        if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) loose.push(`${name}: ${dependency} ${version}`)
  }
  expect(loose).toEqual([])
})

test('licences allow use in an Apache-2.0 product', () => {
  const known =
    /^\(?(?:MIT|Apache-2\.0|ISC|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|Python-2\.0|CC0-1\.0|Unlicense|MPL-2\.0|MIT OR Apache-2\.0)\)?$/
  const others = installed.filter(([, entry]) => !known.test(entry.license ?? ''))
  expect(others.map(([path, entry]) => `${path}: ${entry.license}`)).toEqual([])
})

test('the licence is in the project, and in each package that is published by itself', () => {
  const text = readFileSync(join(root, 'LICENSE'), 'utf8')
  // Apache License 2.0 as apache.org has it: https://www.apache.org/licenses/LICENSE-2.0.txt
  expect(createHash('sha256').update(text).digest('hex')).toBe(
    'cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30',
  )
  for (const name of ['query', 'sdk'])
    expect(readFileSync(join(root, 'packages', name, 'LICENSE'), 'utf8')).toBe(text)
})

test('the lock file names the packages of every platform, or npm ci refuses it', () => {
  const missing: string[] = []
  for (const [path, entry] of Object.entries(lock.packages))
    for (const name of Object.keys(entry.optionalDependencies ?? {}))
      if (!lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`])
        missing.push(`${path || 'the project'}: ${name}`)
  expect(missing).toEqual([])
})
