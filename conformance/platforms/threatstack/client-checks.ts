import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { ThreatStack, type ThreatStackV2 } from '../../../packages/sdk/src/index.ts'
import { makeRecentAlerts } from './items.ts'
import type { ThreatStackServer } from './serve.ts'

/** A check; it gives what is to be told, and throws what is wrong. */
export interface ClientCheck {
  readonly name: string
  readonly run: (server: ThreatStackServer, folder: string) => Promise<string>
}

const EXAMPLES = join(import.meta.dirname, '../../../examples/threatstack')

/** The TypeScript client and its examples against the server, after the checks in Python. */
export const CLIENT_CHECKS: readonly ClientCheck[] = [
  {
    name: 'version 1: every call of the client',
    async run(server) {
      const client = connect(server)
      const agents = await client.agents.list().toArray()
      equal(agents.length, 30)
      deepEqual(await client.agents.get(agents[0]!.id), agents[0])
      deepEqual(Object.keys((await client.alerts.list({ fields: ['id'] }).first())!), ['id'])
      equal((await client.alerts.list({ start: '2017-05-01', end: '2017-05-31' }).toArray()).length, 155)
      equal(await client.alerts.get('f'.repeat(24)), undefined)
      ok((await client.logs.list({ q: 'sketch.create' }).toArray()).length > 0)
      const [organization] = await client.organizations.list().toArray()
      equal((await client.organizations.users(organization!.id).toArray()).length, 1)
      const [policy] = await client.policies.list().toArray()
      ok((await client.policies.get(policy!.id))!.alert_policy.length > 0)
      return `${agents.length} agents, policy ${policy!.name}`
    },
  },
  {
    name: 'version 2: every call of the client',
    async run(server) {
      const client = connectV2(server)
      await client.selfTest()
      const agents = await client.agents({ status: 'offline' }).toArray()
      deepEqual(await client.getAgent(agents[0]!.id), agents[0])
      const alerts = await client.alerts.list({ severity: 2 }).toArray()
      ok(alerts.every(({ severity }) => severity === 2))
      ok((await client.alerts.events(alerts[0]!.id))!.length > 0)
      await client.alerts.dismiss(alerts[0]!.id, { reason: 'MAINTENANCE' })
      equal((await client.alerts.get(alerts[0]!.id))!.dismissReason, 'MAINTENANCE')
      equal((await client.alerts.list({ status: 'dismissed' }).toArray()).length, 1)
      await checkRules(client)
      await checkOrganization(client)
      deepEqual(await client.vulnerabilities.list({ active: true }).toArray(), [])
      equal(await client.vulnerabilities.get('CVE-2018-15688'), undefined)
      deepEqual(await client.ec2Servers({ monitored: true }).toArray(), [])
      return `${agents.length} agents, ${alerts.length} alerts of severity 2`
    },
  },
  {
    name: 'the wrong key is told as that',
    async run(server) {
      const wrong = new ThreatStack({ apiKey: 'wrong', baseUrl: `${server.url}/api/v1` })
      await rejects(wrong.agents.list().toArray(), { status: 401, code: 'sign-in-needed' })
      const { user_id: userId, org_id: organizationId } = server.v2
      const other = ThreatStack.v2({ userId, organizationId, apiKey: 'wrong', baseUrl: `${server.url}/v2` })
      await rejects(other.selfTest(), { status: 401, code: 'sign-in-needed' })
      return 'sign-in-needed'
    },
  },
  {
    name: 'the examples print what there is',
    async run(server, folder) {
      const client = connect(server)
      const listed = await runExample(server, 'list_resources')
      equal(listed.match(/^agent [0-9a-f]{24}$/gm)?.length, 30)
      equal(listed.match(/^alert recent \d+$/gm)?.length, 150)
      match(listed, /^policy Base Rule Set$/m)
      match(
        await runExample(server, 'time_ranges'),
        /^May 2017: 155\n8 to 9 on May 1: 5\nthe last hour: (5\d|60), (5\d|60)\n$/,
      )
      const pages = await runExample(server, 'pages_and_fields')
      match(pages, /^page 2: 10\na page of 30\na page of 0\n/)
      equal(pages.match(/^web-\d+\.example\.org 203\.0\.113\.\d+$/gm)?.length, 30)
      const ids = [
        (await client.agents.list().first())!.id,
        (await client.alerts.list().first())!.id,
        (await client.policies.list().first())!.id,
      ]
      match(
        await runExample(server, 'get_resources', ids),
        /^agent web-0\.example\.org\nalert recent 0, \d+ events\npolicy Base Rule Set, \d+ rules\n$/,
      )
      match(
        await runExample(server, 'get_resources', ['a', 'b', 'c']),
        /^Agent not found\nAlert not found\nPolicy/,
      )
      ok((await runExample(server, 'recent_alerts')).split('\n').length > 50)
      const cursor = join(folder, 'alerts.cursor')
      const first = await runExample(server, 'poll_alerts', [cursor, '--once'])
      equal(first.split('\n').length - 1, 149)
      equal(await runExample(server, 'poll_alerts', [cursor, '--once']), '')
      const now = Date.now()
      const late = makeRecentAlerts(3, now).map((item, n) => ({
        ...item,
        id: `${n}`.padStart(24, 'f'),
        created_at: now,
      }))
      await server.importItems(late)
      equal((await runExample(server, 'poll_alerts', [cursor, '--once'])).split('\n').length - 1, 3)
      match(await runExample(server, 'dismiss_alerts'), /^severity 1: \d+\nseverity 2: \d+\nseverity 3: 0\n$/)
      return '8 examples'
    },
  },
]

async function checkRules(client: ThreatStackV2): Promise<void> {
  const { rulesets } = client
  const made = await rulesets.create({ name: 'ours' })
  const draft = {
    name: 'sudo',
    type: 'Host',
    title: 'sudo',
    severityOfAlerts: 2,
    filter: 'exe = "/usr/bin/sudo"',
  } as const
  const rule = await rulesets.createRule(made.id, draft)
  deepEqual(await rulesets.rules(made.id).toArray(), [rule])
  equal((await rulesets.replaceRule(made.id, rule.id, { ...draft, enabled: false })).enabled, false)
  deepEqual((await rulesets.setSuppressions(made.id, rule.id, ['user = "ops"'])).suppressions, [
    'user = "ops"',
  ])
  equal(await rulesets.getTags(rule.id), undefined)
  const tags = { inclusion: [{ source: 'ec2', key: 'env', value: 'prod' }], exclusion: [] }
  deepEqual(await rulesets.setTags(rule.id, tags), tags)
  deepEqual(await rulesets.getTags(rule.id), tags)
  await rulesets.deleteRule(made.id, rule.id)
  equal(await rulesets.getRule(made.id, rule.id), undefined)
  equal((await rulesets.replace(made.id, { name: 'renamed' })).name, 'renamed')
  await rulesets.delete(made.id)
  equal(await rulesets.get(made.id), undefined)
  equal((await rulesets.list().toArray()).length, 1)
}

async function checkOrganization({ organization }: ThreatStackV2): Promise<void> {
  const [member] = await organization.members({ enabledOnly: true }).toArray()
  equal(member?.role, 'owner')
  await rejects(organization.setRole(member!.id, 'user'), { status: 409 })
  equal((await organization.invite('ada@example.org', 'reader')).status, 'pending')
  const settings = {
    s3Bucket: 'logs-1',
    iamRoleArn: 'arn:x',
    iamRoleArnExternalId: '',
    region: 'eu',
    prefix: '',
    enabled: true,
  }
  const put = await organization.setS3Export(settings)
  deepEqual(await organization.s3Exports(), [put])
  await organization.removeS3Export('logs-1')
  deepEqual(await organization.s3Exports(), [])
  const webhook = await organization.createWebhook({ url: 'https://hooks.example.org/x', enabled: false })
  deepEqual(await organization.webhooks().toArray(), [webhook])
  equal(
    (await organization.replaceWebhook(webhook.id, { url: webhook.url, severity: 1, enabled: false }))
      .severity,
    1,
  )
  await organization.deleteWebhook(webhook.id)
  const records = await organization.auditLogs({ operation: 'invitation-create' }).toArray()
  equal(records.length, 1)
}

function connect({ url, v1Key }: ThreatStackServer): ThreatStack {
  return new ThreatStack({ apiKey: v1Key, baseUrl: `${url}/api/v1` })
}

/** Version 2, as an administrator. */
export function connectV2({ url, v2 }: ThreatStackServer): ThreatStackV2 {
  return ThreatStack.v2({
    userId: v2.user_id,
    organizationId: v2.org_id,
    apiKey: v2.key,
    baseUrl: `${url}/v2`,
  })
}

async function runExample(
  server: ThreatStackServer,
  name: string,
  args: readonly string[] = [],
): Promise<string> {
  const child = spawn(process.execPath, [join(EXAMPLES, `${name}.ts`), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      TS_API_URL: `${server.url}/api/v1`,
      TS_API_KEY: server.v1Key,
      TS2_API_URL: `${server.url}/v2`,
      TS2_API_KEY: server.v2.key,
      TS2_USER_ID: server.v2.user_id,
      TS2_ORGANIZATION_ID: server.v2.org_id,
    },
  })
  const chunks = await Array.fromAsync(child.stdout as AsyncIterable<Buffer>)
  return Buffer.concat(chunks).toString('utf8')
}
