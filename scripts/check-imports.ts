import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Which packages each package may import. Imports point one way: model <- query <- store <- server. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  model: [],
  query: ['model'],
  ingest: ['model'],
  store: ['model', 'query'],
  analyze: ['model', 'query', 'store'],
  sdk: ['model'],
  server: ['model', 'query', 'ingest', 'store', 'analyze', 'sdk'],
  cli: ['model', 'query', 'sdk', 'server'],
  web: ['model', 'sdk'],
}
/** Folders of the server that know nothing of how they are asked, and those that ask them. */
const USE_CASES: ReadonlySet<string> = new Set(['auth', 'db', 'errors', 'import', 'json', 'services'])
const ASKING: ReadonlySet<string> = new Set(['dialects', 'http'])
/** Known debts: `package/path -> imported package`, each with its reason in the commit that added it. */
const DEBTS: ReadonlySet<string> = new Set()

const root = join(import.meta.dirname, '..')
const problems: string[] = []
let fileCount = 0
for (const name of readdirSync(join(root, 'packages'))) {
  const allowed = ALLOWED[name]
  if (!allowed) {
    problems.push(`packages/${name} is not in the allow-list of scripts/check-imports.ts`)
    continue
  }
  for (const file of listSources(join(root, 'packages', name, 'src'))) {
    fileCount += 1
    checkFile(file, name, allowed)
  }
}
for (const problem of problems) process.stderr.write(`${problem}\n`)
process.stdout.write(`import order: ${fileCount} files, ${problems.length} problems\n`)
process.exitCode = problems.length === 0 ? 0 : 1

function checkFile(file: string, packageName: string, allowed: readonly string[]): void {
  const place = relative(root, file)
  const text = readFileSync(file, 'utf8')
  for (const match of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    const specifier = match[1] ?? ''
    if (specifier.startsWith('@timeskein/')) {
      const [, target = ''] = specifier.split('/')
      if (target === packageName) problems.push(`${place}: imports its own package by name (${specifier})`)
      else if (!allowed.includes(target) && !DEBTS.has(`${place} -> ${target}`))
        problems.push(
          `${place}: ${packageName} may import ${allowed.join(', ') || 'no package'}, found ${specifier}`,
        )
    } else if (specifier.startsWith('.')) {
      const target = relative(join(root, 'packages', packageName), join(file, '..', specifier))
      if (target.startsWith('..'))
        problems.push(`${place}: reaches into another package by path (${specifier})`)
      if (packageName === 'server' && isUpward(relative(join(root, 'packages/server'), file), target))
        problems.push(`${place}: use cases know nothing of ${[...ASKING].join(' and ')} (${specifier})`)
    }
  }
}

/** Whether a part of the server's use cases imports what asks them; tests may. */
function isUpward(from: string, to: string): boolean {
  const [own = '', other = ''] = [from, to].map((path) => path.split('/')[1])
  return USE_CASES.has(own) && ASKING.has(other) && !from.endsWith('.test.ts')
}

function listSources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}
