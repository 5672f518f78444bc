import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preparePython } from '../../python/environment.ts'
import { CLIENT_CHECKS } from './client-checks.ts'
import { makeDevices, makeEvents, makeIncident } from './items.ts'
import { findRecipeProblem, writeRecipes } from './recipes.ts'
import { ROUTE_CHECKS } from './route-checks.ts'
import { type ElementsServer, serveElements } from './serve.ts'
import { serveAtRoot } from './serve-at-root.ts'

/**
 * The judge of the dialect of WithSecure Elements: the vendor's recipes as they stand under Python, a standard OAuth library, an
 * independent client of the package index, and the TypeScript client with its examples, all against a server of ours on a free port of this machine.
 */
const HERE = import.meta.dirname
const NAME = 'conformance/platforms/elements'
const DAY_MS = 86_400_000
const RECIPE_COUNT = 5
const LIBRARY_CHECK_COUNT = 3
const PACKAGE_CHECK_COUNT = 7

const sum = { passed: 0, failed: 0, skipped: 0 }
const folder = await mkdtemp(join(tmpdir(), 'skein-conformance-elements-'))
try {
  await using server = await serveElements(join(folder, 'data'))
  await server.importItems(makeDevices(60, 23))
  await server.importItems(makeEvents(500, Date.now() - 2 * DAY_MS))
  await judgeWithPython(server)
  for (const check of [...CLIENT_CHECKS, ...ROUTE_CHECKS]) {
    try {
      const told = await check.run(server, folder)
      if (typeof told === 'string') {
        sum.passed += 1
        say(`ok ${check.name}: ${told}`)
      } else {
        sum.skipped += 1
        say(`skip ${check.name}: ${told.skipped}`)
      }
    } catch (error) {
      sum.failed += 1
      say(`FAIL ${check.name}: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }
  const answered = await server.routes.tell(say)
  sum.passed += answered.passed
  sum.failed += answered.failed
} finally {
  await rm(folder, { recursive: true, force: true })
}
say(`${NAME}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exitCode = sum.failed === 0 ? 0 : 1

async function judgeWithPython(server: ElementsServer): Promise<void> {
  const environment = await preparePython(HERE)
  if ('skipped' in environment) {
    sum.skipped += RECIPE_COUNT + LIBRARY_CHECK_COUNT + PACKAGE_CHECK_COUNT
    return say(`skip Python: ${environment.skipped}`)
  }
  const problem = findRecipeProblem()
  const recipes = join(folder, 'recipes')
  if (problem === undefined) await writeRecipes(recipes, server.url)
  else {
    sum.skipped += RECIPE_COUNT
    say(`skip the recipes: ${problem}`)
  }
  const { client, readingClient } = server
  const own = [client.client_id, client.client_secret]
  await runChecks(environment.python, 'checks.py', [
    server.url,
    server.controlUrl,
    ...own,
    readingClient.client_id,
    readingClient.client_secret,
    ...(problem === undefined ? [recipes] : []),
  ])
  await server.importItems(makeIncident(3, Date.now()))
  await using root = await serveAtRoot(server.url)
  await runChecks(environment.python, 'checks_package.py', [root.url, ...own])
}

async function runChecks(python: string, file: string, args: readonly string[]): Promise<void> {
  const child = spawn(python, [join(HERE, file), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  let text = ''
  for await (const part of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    text += part
    process.stdout.write(part)
  }
  const last = /elements-python: (\d+) passed, (\d+) failed/.exec(text)
  sum.passed += Number(last?.[1] ?? 0)
  sum.failed += last ? Number(last[2]) : 1
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
