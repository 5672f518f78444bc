import { equal, match, ok } from 'node:assert/strict'
import { execFile, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Sekoia } from '../../../packages/sdk/src/index.ts'
import { readCommands, writeScripts } from './seed.ts'
import type { SekoiaServer } from './serve.ts'

/** Where a check runs. */
export interface SeedPlace {
  readonly server: SekoiaServer
  /** For the scripts. */
  readonly folder: string
  readonly python: string
}

/** A check; it gives what is to be told, and throws what is wrong. */
export interface SeedCheck {
  readonly name: string
  readonly run: (place: SeedPlace) => Promise<string>
}

const RULE = 'Suspicious Windows Defender Exclusion Command'
/** Has logging print everything, which the scripts leave at warnings, and runs them as they stand. */
const RUN_LOUDLY =
  'import logging, runpy, sys; logging.basicConfig(level=logging.INFO); runpy.run_path(sys.argv[1], run_name="__main__")'

/** The command lines and scripts of the vendor's page, in its order. */
export const SEED_CHECKS: readonly SeedCheck[] = [
  {
    name: 'curl: the list of rules',
    async run({ server }) {
      await makeRule(server)
      const { status, body } = await runCommand(server, 0)
      equal(status, 200)
      equal(body['total'], 1)
      return `200, ${JSON.stringify(body).length} characters, total ${body['total']}`
    },
  },
  {
    name: 'curl: rules by name and limit',
    async run({ server }) {
      const { status, body } = await runCommand(server, 1)
      equal(status, 200)
      const [rule] = body['items'] as { name: string }[]
      equal(rule?.name, RULE)
      return `200, ${rule?.name}`
    },
  },
  {
    name: 'curl: an invitation',
    async run({ server }) {
      const { status, body } = await runCommand(server, 2)
      equal(status, 200)
      equal(body['email'], 'john.doe@example.com')
      return `200, ${JSON.stringify(body)}`
    },
  },
  {
    name: 'script: retrieving information with query parameters',
    async run(place) {
      const { server, folder } = place
      await writeScripts(folder, `${server.url}/v1`, server.key)
      equal(await runScript(place, [join(folder, 'get_request.py')]), '')
      const told = await runScript(place, ['-c', RUN_LOUDLY, join(folder, 'get_request.py')])
      match(told, /This is the result of the request:/)
      match(told, new RegExp(`"name": "${RULE}"`))
      return `prints the rule, ${told.split('\n').length} lines`
    },
  },
  {
    name: 'script: a rule by POST',
    async run(place) {
      const { server, folder } = place
      equal(await runScript(place, [join(folder, 'post_request.py')]), '')
      const told = await runScript(place, ['-c', RUN_LOUDLY, join(folder, 'post_request.py')])
      match(told, /The rule has been created on your community/)
      const rules = await connect(server)
        .rules.list({ match: { name: 'My custom SIGMA rule' } })
        .toArray()
      equal(rules.length, 2)
      match(rules[0]!.payload, /process\.command_line\|contains: 'powershell'/)
      return told.trim()
    },
  },
  {
    name: 'script: searching events',
    async run(place) {
      const { server, folder } = place
      const sekoia = connect(server)
      const entity = await sekoia.entities.create({ name: 'seed' })
      const [format] = await sekoia.intakes.listFormats().toArray()
      const intake = await sekoia.intakes.create({
        name: 'firewall',
        entity_uuid: entity.uuid,
        format_uuid: format!.uuid,
      })
      const events = Array.from({ length: 250 }, (_, number) => ({
        '@timestamp': new Date(Date.now() - number * 60_000).toISOString(),
        message: `connection ${number}`,
        'source.ip': number % 2 === 0 ? '1.2.3.4' : '5.6.7.8',
      }))
      await Array.fromAsync(sekoia.intake(intake.intake_key).sendAll(events))
      const script = join(folder, 'search_events.py')
      const ask = async (query: string, ...more: string[]): Promise<string> =>
        await runScript(place, [script, '--dates=-30d,now', `--query=${query}`, ...more, server.searchKey])
      // As the page writes it: within single quotes a shell leaves the backslashes in.
      const told = await ask('source.ip: \\"1.2.3.4\\"')
      const found = JSON.parse(told.slice(told.indexOf('{'))) as {
        items: Record<string, string>[]
        total: number
      }
      equal(found.total, 125)
      equal(found.items.length, 100)
      ok(found.items.every((event) => event['source.ip'] === '1.2.3.4'))
      const times = found.items.map((event) => event['timestamp']!)
      equal(times.toSorted().reverse().join(), times.join())
      match(await ask('source.ip: "9.9.9.9"', '-v'), /"total": 0/)
      match(await ask('source.ip: "1.2.3.4'), /quote/)
      const refused = await runScript(place, [script, '--dates=-30d,now', '--query=*', 'nothing'])
      match(refused, /Authentication failed: 401/)
      return `${found.items.length} of ${found.total} events, newest first`
    },
  },
]

function connect({ url, key }: SekoiaServer): Sekoia {
  return new Sekoia({ apiKey: key, url })
}

async function makeRule(server: SekoiaServer): Promise<void> {
  await connect(server).rules.create({
    name: RULE,
    type: 'sigma',
    description: 'Exclusions of Windows Defender',
    payload:
      "detection:\n  selection:\n    process.command_line|contains: 'Add-MpPreference'\n  condition: selection",
    severity: 60,
    effort: 2,
    alert_type_uuid: '599f4b1a-dd60-43fe-8ee9-07d3c5d00ded',
    enabled: true,
  })
}

async function runCommand(
  { url, key }: SekoiaServer,
  number: number,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  if (spawnSync('curl', ['--version']).status !== 0) throw new Error('there is no curl on this machine')
  const output = await run('bash', ['-c', readCommands(`${url}/v1`, key)[number]!])
  const [, body, status] = /^(.*)\n(\d+)$/s.exec(output) ?? []
  if (body === undefined) throw new Error(`an answer and its status were expected, found ${output}`)
  return { status: Number(status), body: JSON.parse(body) as Record<string, unknown> }
}

/** What a script prints, its log too. */
async function runScript({ python }: SeedPlace, args: readonly string[]): Promise<string> {
  return await run(python, args)
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
    execFile(program, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${program} ended with ${String(error.code)}: ${stdout}${stderr}`))
      else resolve(stdout + stderr)
    })
  })
}
