import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preparePython } from '../../python/environment.ts'
import { CLIENT_CHECKS } from './client-checks.ts'
import { HAPI_CHECKS } from './hapi-checks.ts'
import { prepareHapiHawk } from './hapi-hawk.ts'
import { makeAgents, makeMayAlerts, makeRecentAlerts } from './items.ts'
import { ROUTE_CHECKS } from './route-checks.ts'
import { EXAMPLE_COUNT, findExampleProblem, writeExamples } from './seed-examples.ts'
import { serveThreatStack, type ThreatStackServer } from './serve.ts'

/**
 * The judge of the dialect of Threat Stack: the examples of the vendor's Python package and the package itself, unmodified, with mohawk
 * and `@hapi/hawk` as the judges of Hawk, and the TypeScript client with its examples, all against a server of ours on a free port of this machine.
 */
const HERE = import.meta.dirname
const NAME = 'conformance/platforms/threatstack'
/** Beside the examples. */
const PACKAGE_CHECK_COUNT = 12

const sum = { passed: 0, failed: 0, skipped: 0 }
const folder = await mkdtemp(join(tmpdir(), 'skein-conformance-threatstack-'))
try {
  const data = join(folder, 'data')
  await mkdir(join(data, 'config'), { recursive: true })
  // The checks ask more often than the platform lets anybody.
  await writeFile(join(data, 'config', 'platforms.yaml'), 'threatstack: {requestsPerMinute: 100000}\n')
  await using server = await serveThreatStack(data)
  await server.importItems(makeAgents(30, Date.now()))
  await server.importItems(makeRecentAlerts(150, Date.now()))
  await server.importItems(makeMayAlerts())
  await judgeWithPython(server)
  const hapi = prepareHapiHawk(HERE)
  if ('skipped' in hapi) {
    sum.skipped += HAPI_CHECKS.length
    say(`skip @hapi/hawk: ${hapi.skipped}`)
  } else for (const { name, run } of HAPI_CHECKS) await judge(name, () => run(hapi.hawk, server))
  for (const { name, run } of [...CLIENT_CHECKS, ...ROUTE_CHECKS])
    await judge(name, () => run(server, folder))
  const answered = await server.routes.tell(say)
  sum.passed += answered.passed
  sum.failed += answered.failed
} finally {
  await rm(folder, { recursive: true, force: true })
}
say(`${NAME}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exitCode = sum.failed === 0 ? 0 : 1

async function judge(name: string, run: () => Promise<string>): Promise<void> {
  try {
    say(`ok ${name}: ${await run()}`)
    sum.passed += 1
  } catch (error) {
    sum.failed += 1
    say(`FAIL ${name}: ${error instanceof Error ? error.stack : String(error)}`)
  }
}

async function judgeWithPython({ url, v1Key, v2 }: ThreatStackServer): Promise<void> {
  const environment = await preparePython(HERE)
  if ('skipped' in environment) {
    sum.skipped += EXAMPLE_COUNT + PACKAGE_CHECK_COUNT
    return say(`skip Python: ${environment.skipped}`)
  }
  const problem = findExampleProblem()
  if (problem !== undefined) {
    sum.skipped += EXAMPLE_COUNT
    say(`skip the examples of the page: ${problem}`)
  }
  const examples = problem === undefined ? [await writeExamples(folder)] : []
  const child = spawn(
    environment.python,
    [join(HERE, 'checks.py'), url, v1Key, v2.user_id, v2.org_id, v2.key, ...examples],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // The platform reads times without a zone as UTC; scripts that say datetime.now() must mean that.
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', TZ: 'UTC' },
    },
  )
  let text = ''
  for await (const part of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    text += part
    process.stdout.write(part)
  }
  const last = /threatstack-python: (\d+) passed, (\d+) failed/.exec(text)
  sum.passed += Number(last?.[1] ?? 0)
  sum.failed += last ? Number(last[2]) : 1
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
