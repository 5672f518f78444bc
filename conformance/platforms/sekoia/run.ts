import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preparePython } from '../../python/environment.ts'
import { CLIENT_CHECKS } from './client-checks.ts'
import { ROUTE_CHECKS } from './route-checks.ts'
import { findSeedProblem } from './seed.ts'
import { SEED_CHECKS } from './seed-checks.ts'
import { serveSekoia } from './serve.ts'

/**
 * The judge of the dialect of Sekoia.io: the vendor's command lines and scripts as they stand, and the TypeScript client with its
 * examples, all against a server of ours on a free port of this machine.
 */
const HERE = import.meta.dirname
const NAME = 'conformance/platforms/sekoia'

const sum = { passed: 0, failed: 0, skipped: 0 }
const folder = await mkdtemp(join(tmpdir(), 'skein-conformance-sekoia-'))
try {
  await using server = await serveSekoia(join(folder, 'data'))
  const environment = await preparePython(HERE)
  const problem = findSeedProblem() ?? ('skipped' in environment ? environment.skipped : undefined)
  if (problem === undefined && 'python' in environment) {
    const place = { server, folder: join(folder, 'scripts'), python: environment.python }
    for (const { name, run } of SEED_CHECKS) await check(name, () => run(place))
  } else {
    sum.skipped += SEED_CHECKS.length
    say(`skip the vendor's page: ${problem}`)
  }
  for (const { name, run } of [...CLIENT_CHECKS, ...ROUTE_CHECKS]) await check(name, () => run(server))
  const answered = await server.routes.tell(say)
  sum.passed += answered.passed
  sum.failed += answered.failed
} finally {
  await rm(folder, { recursive: true, force: true })
}
say(`${NAME}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exitCode = sum.failed === 0 ? 0 : 1

async function check(name: string, run: () => Promise<string>): Promise<void> {
  try {
    const told = await run()
    sum.passed += 1
    say(`ok ${name}: ${told}`)
  } catch (error) {
    sum.failed += 1
    say(`FAIL ${name}: ${error instanceof Error ? error.stack : String(error)}`)
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
