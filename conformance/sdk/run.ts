import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Check, Skip } from './check.ts'
import { CHECKS } from './checks.ts'
import { compareWalks } from './compare-walks.ts'
import { openOwnPlace, openPlaceAt, type Place } from './place.ts'

/**
 * The TypeScript client against a server of ours in this process, or against any other with `--url`. Arguments narrow the checks to
 * those whose names contain one of them.
 */
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string' },
    user: { type: 'string', default: 'test' },
    password: { type: 'string', default: 'test' },
    admin: { type: 'string', default: 'admin' },
    'admin-password': { type: 'string', default: 'admin' },
  },
})
const folder = await mkdtemp(join(tmpdir(), 'skein-conformance-sdk-'))
const sum = { passed: 0, failed: 0, skipped: 0 }
try {
  const user = { username: values.user, password: values.password }
  const admin = { username: values.admin, password: values['admin-password'] }
  await using place =
    values.url === undefined ? await openOwnPlace(folder) : openPlaceAt(values.url, user, admin, folder)
  const walk: Check = {
    name: 'the walk through the documentation prints the same in Python and in TypeScript',
    async run() {
      if (values.url !== undefined) return await compareWalks(values.url, user)
      const { serveForChecks } = await import('../python/serve.ts')
      await using server = await serveForChecks(join(folder, 'walk'))
      await compareWalks(server.url, server.user)
    },
  }
  for (const check of [...CHECKS, walk])
    if (wanted.length === 0 || wanted.some((part) => check.name.includes(part))) await judge(check, place)
} finally {
  await rm(folder, { recursive: true, force: true })
}
process.stdout.write(`conformance/sdk: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`)
process.exitCode = sum.failed === 0 ? 0 : 1

async function judge({ name, run }: Check, place: Place): Promise<void> {
  try {
    await run(place)
    sum.passed += 1
    process.stdout.write(`ok ${name}\n`)
  } catch (error) {
    const isSkip = error instanceof Skip
    sum[isSkip ? 'skipped' : 'failed'] += 1
    process.stdout.write(isSkip ? `skip ${name}: ${error.message}\n` : `FAIL ${name}: ${describe(error)}\n`)
  }
}

/** The message and the line of a check that it came from. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const place = error.stack?.split('\n').find((line) => line.includes('/conformance/sdk/checks/'))
  return `${error.message}${
    place === undefined
      ? ''
      : ` (${place
          .trim()
          .replace(/^.*\/checks\//, '')
          .replace(/\)$/, '')})`
  }`
}
