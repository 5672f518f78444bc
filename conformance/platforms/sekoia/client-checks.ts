import { deepStrictEqual, equal, match, ok, rejects } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { Sekoia } from '../../../packages/sdk/src/index.ts'
import { waitFor } from '../wait-for.ts'
import type { SekoiaServer } from './serve.ts'

/** A check; it gives what is to be told, and throws what is wrong. */
export interface ClientCheck {
  readonly name: string
  readonly run: (server: SekoiaServer) => Promise<string>
}

const RULE = {
  name: 'Powershell by command line',
  type: 'sigma',
  description: '',
  payload:
    "detection:\n  selection:\n    process.command_line|contains: 'powershell'\n  condition: selection",
  severity: 80,
  effort: 3,
  alert_type_uuid: '599f4b1a-dd60-43fe-8ee9-07d3c5d00ded',
  enabled: true,
} as const

const EXAMPLES = join(import.meta.dirname, '../../../examples/sekoia')

/** The TypeScript client and its examples against the server. */
export const CLIENT_CHECKS: readonly ClientCheck[] = [
  {
    name: 'an event that is pushed raises an alert, which is worked on and put into a case',
    async run(server) {
      const sekoia = connect(server)
      const rule = await sekoia.rules.create(RULE)
      const key = await makeIntake(sekoia, 'detection')
      const [ids] = await Array.fromAsync(
        sekoia.intake(key).sendAll([
          {
            'process.command_line': 'powershell -enc AAAA',
            'host.name': 'laptop-test',
            'user.name': 'joe',
          },
        ]),
      )
      const alert = await waitFor(() => sekoia.alerts.list({ match: { rule_uuid: rule.uuid } }).first())
      equal(alert.status.name, 'Pending')
      equal(alert.rule?.name, RULE.name)
      const found = await sekoia.search(`alert_short_ids:"${alert.short_id}"`, { earliest: '1d' }).toArray()
      deepStrictEqual(
        found.map((event) => event['event.id']),
        ids,
      )
      await sekoia.alerts.act(alert.short_id, 'Acknowledge', { comment: 'Looking.' })
      await sekoia.alerts.comment(alert.uuid, { content: 'It is a test.' })
      await sekoia.alerts.update(alert.uuid, { urgency: 30, title: 'Powershell on laptop-test' })
      const detail = (await sekoia.alerts.get(alert.uuid))!
      equal(detail.status.name, 'Acknowledged')
      equal(detail.urgency.display, 'Moderate')
      deepStrictEqual(
        detail.comments?.map(({ content }) => content),
        ['Looking.', 'It is a test.'],
      )
      const one = await sekoia.cases.create({ title: 'Laptop', priority: 'high', tags: ['test'] })
      await sekoia.cases.addAlerts(one.short_id, [alert.short_id])
      await sekoia.cases.addEvents(one.uuid, [found[0]!.__event_id])
      await sekoia.cases.comment(one.uuid, 'Isolated.')
      const shown = (await sekoia.cases.get(one.uuid))!
      deepStrictEqual([shown.number_of_alerts, shown.number_of_comments], [1, 1])
      equal((await sekoia.alerts.list({ match: { case_short_id: one.short_id } }).toArray()).length, 1)
      await sekoia.alerts.act(alert.uuid, 'Close')
      equal((await sekoia.alerts.list({ match: { status_name: 'Closed' } }).toArray()).length, 1)
      return `${alert.short_id} in ${one.short_id}, history ${detail.history?.length} entries`
    },
  },
  {
    name: 'programs in SOL run over events, alerts, cases and intakes',
    async run(server) {
      const sekoia = connect(server)
      const rows = await sekoia
        .sol(
          'events | where timestamp between (?time.start .. ?time.end) | aggregate count() by sekoiaio.intake.uuid | lookup intakes on sekoiaio.intake.uuid == uuid | select intake.name, count | order by intake.name asc',
          { parameters: { time: { start: '-31d', end: 'now' } } },
        )
        .toArray()
      ok(rows.some((row) => row['intake.name'] === 'detection' && row['count'] === 1))
      const alerts = await sekoia.sol('alerts | select short_id, status, rule_name').toArray()
      equal(alerts[0]?.['status'], 'Closed')
      const cases = await sekoia.sol('cases | where priority == "high" | count').toArray()
      deepStrictEqual(cases, [{ count: 1 }])
      await rejects(sekoia.sol('events | wher x').first(), { status: 422 })
      const run = await sekoia.queries.start({ query_definition: { ql_query: 'intakes | select name' } })
      match(await sekoia.queries.download(run.uuid, 'csv'), /^name\r\n/)
      return `${rows.length} intakes with events, ${alerts.length} alerts`
    },
  },
  {
    name: 'events of a search are exported to a file',
    async run(server) {
      const sekoia = connect(server)
      const job = await sekoia.searchJobs.create({ term: '*', earliest_time: '-31d', latest_time: 'now' })
      const { total } = await sekoia.searchJobs.wait(job.uuid)
      const address = await sekoia.searchJobs.export(job.uuid, { fields: ['@timestamp', 'message'] })
      const file = await fetch(address!)
      const lines = gunzipSync(new Uint8Array(await file.arrayBuffer()))
        .toString()
        .trim()
        .split('\n')
      equal(lines.length, total)
      deepStrictEqual(Object.keys(JSON.parse(lines[0]!) as object), ['@timestamp', 'message'])
      const fields = await sekoia.searchJobs.listFields(job.uuid).toArray()
      ok(fields.some(({ name }) => name === 'message'))
      return `${lines.length} lines of ${file.headers.get('content-length')} bytes, ${fields.length} fields`
    },
  },
  {
    name: 'lines, lists and single events come in by every route',
    async run(server) {
      const sekoia = connect(server)
      const key = await makeIntake(sekoia, 'routes')
      const push = sekoia.intake(key)
      await push.send('a line of a log', { timestamp: '2026-01-01T00:00:00Z' })
      await push.sendLines(['line 1', 'line 2'])
      await push.sendArray([{ json: '{"a": 1}', timestamp: '2026-01-01T00:00:01Z' }])
      const ask = async (path: string, body: string, headers: Record<string, string> = {}): Promise<number> =>
        (await fetch(server.url + path, { method: 'POST', body, headers })).status
      equal(await ask('/plain', 'x', { authorization: `Basic ${btoa(`:${key}`)}` }), 200)
      equal(await ask(`/jsons?path=$.a.b&intake_key=${key}`, '{"a": {"b": [{"c": 1}, "d"]}}'), 200)
      equal(await ask('/api/v1/intake-http/plain', 'x', { 'x-sekoiaio-intake-key': 'nothing' }), 403)
      equal(await ask('/plain', '', { 'x-sekoiaio-intake-key': key }), 400)
      const intake = (await sekoia.intakes.list().toArray()).find(({ intake_key }) => intake_key === key)
      const term = `sekoiaio.intake.uuid: "${intake?.uuid}"`
      const found = await sekoia.search(term, { earliest: '2026-01-01' }).toArray()
      equal(found.length, 7)
      return `${found.length} events`
    },
  },
  {
    name: 'pages by number, conditions and times of lists',
    async run(server) {
      const sekoia = connect(server)
      const rules = await sekoia.rules.list({ pageSize: 1 }).toArray()
      const { total } = await sekoia.alerts.list().firstPage()
      ok(total! > 0)
      const byPage: unknown[] = []
      for (let page = 1; ; page += 1) {
        const { items } = await getJson(server, `/v1/sic/conf/rules-catalog/rules?limit=2&page=${page}`)
        byPage.push(...(items as unknown[]))
        if ((items as unknown[]).length < 2) break
      }
      equal(byPage.length, rules.length)
      const unknown = await getJson(server, '/v1/sic/alerts?match[nothing]=x', 400)
      match(String(unknown['message']), /match\[nothing\].* status_name, /)
      equal(
        (await getJson(server, '/v1/sic/alerts?date[created_at]=-1h,now&sort=created_at'))['total'],
        total,
      )
      equal((await getJson(server, '/v1/sic/alerts?date[created_at]=,2020-01-01T00:00:00'))['total'], 0)
      equal(
        (await getJson(server, '/api/v1/sic/alerts?range[urgency]=80,100'))['total'],
        (await sekoia.alerts.list({ range: { urgency: [80, 100] } }).toArray()).length,
      )
      return `${rules.length} rules`
    },
  },
  {
    name: 'refusals have the vendor’s codes',
    async run(server) {
      const sekoia = connect(server)
      const search = new Sekoia({ apiKey: server.searchKey, url: server.url })
      const other = new Sekoia({ apiKey: server.otherKey, url: server.url })
      const nobody = new Sekoia({ apiKey: 'nothing', url: server.url })
      const job = await sekoia.searchJobs.create({ term: '*', earliest_time: '-1d', latest_time: 'now' })
      await rejects(nobody.me(), { status: 401, code: 'T300' })
      await rejects(search.alerts.list().toArray(), { status: 403, code: 'AU202' })
      equal(await other.searchJobs.get(job.uuid), undefined)
      equal(await sekoia.rules.get('00000000-0000-0000-0000-000000000000'), undefined)
      await rejects(sekoia.search('a:"').first(), { status: 400, code: 'bad-query' })
      await rejects(sekoia.searchJobs.create({ term: '', earliest_time: 'soon', latest_time: 'now' }), {
        status: 400,
        code: 'bad-time',
      })
      await rejects(sekoia.rules.create({ ...RULE, payload: 'detection:\n  a: [' }), {
        status: 400,
        code: 'bad-rule',
      })
      equal((await other.alerts.list().toArray()).length, 0)
      equal((await other.search('*', { earliest: '2026-01-01' }).toArray()).length, 0)
      return 'ten refusals'
    },
  },
  {
    name: 'what happens to searches and alerts is told by the live socket',
    async run(server) {
      const sekoia = connect(server)
      const stop = new AbortController()
      const told: string[] = []
      const hearing = (async () => {
        for await (const one of sekoia.live({ signal: stop.signal })) {
          told.push(`${one.type} ${one.action}`)
          if (one.type === 'search-job') return
        }
      })()
      // Until the socket is open nothing is told: searches are begun until one is heard of.
      const { signal } = stop
      const asking = (async () => {
        while (!signal.aborted) await sekoia.search('*', { earliest: '1d' }).first()
      })()
      await hearing
      stop.abort()
      await asking
      const [number] = (
        await sekoia.readStatistics({
          aggregation: 'count',
          range: ['-31d', 'now'],
          minutes_per_bucket: 60 * 24 * 31,
        })
      ).aggregations.filter(({ value }) => value !== 0)
      ok(number)
      return told.join(', ')
    },
  },
  {
    name: 'the examples do what the vendor’s page does',
    async run(server) {
      const rules = await runExample(server, 'list_rules', [RULE.name])
      match(rules, new RegExp(`"name": "${RULE.name}"`))
      match(await runExample(server, 'create_rule'), /^Rule=[0-9a-f-]{36}, name=/)
      match(
        await runExample(server, 'invite_user', ['jane@example.com']),
        /^Invitation=\S+, email=jane@example.com, role=Analyst$/m,
      )
      const found = JSON.parse(
        await runExample(server, 'search_events', ['--query=process.command_line: powershell*']),
      )
      equal((found as unknown[]).length, 1)
      const cursor = join(await mkdtemp(join(tmpdir(), 'skein-sekoia-')), 'alerts.cursor')
      const alerts = await runExample(server, 'poll_alerts', [cursor, '--once'])
      match(alerts, /^Alert=AL\w{10}, status=\w+, urgency=\d+, title=/)
      equal(await runExample(server, 'poll_alerts', [cursor, '--once']), '')
      match(await runExample(server, 'run_sol'), /^\{"status":"\w+","count":\d+\}/)
      const key = await makeIntake(connect(server), 'example')
      equal(await runExample(server, 'push_events', [key], '{"a": 1}\n{"a": 2}\n'), 'Events=2\n')
      return `${alerts.split('\n').length - 1} alerts, 2 events`
    },
  },
]

/** What an example prints. */
async function runExample(
  { url, key }: SekoiaServer,
  name: string,
  args: readonly string[] = [],
  input = '',
): Promise<string> {
  const child = spawn(process.execPath, [join(EXAMPLES, `${name}.ts`), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SEKOIA_URL: url, SEKOIA_API_KEY: key },
  })
  child.stdin.end(input)
  child.stdout.setEncoding('utf8')
  return (await Array.fromAsync(child.stdout as AsyncIterable<string>)).join('')
}

/** As an administrator. */
export function connect({ url, key }: SekoiaServer): Sekoia {
  return new Sekoia({ apiKey: key, url })
}

async function makeIntake(sekoia: Sekoia, name: string): Promise<string> {
  const entity = await sekoia.entities.create({ name })
  const [format] = await sekoia.intakes.listFormats().toArray()
  const intake = await sekoia.intakes.create({ name, entity_uuid: entity.uuid, format_uuid: format!.uuid })
  return intake.intake_key
}

async function getJson(
  { url, key }: SekoiaServer,
  path: string,
  status = 200,
): Promise<Record<string, unknown>> {
  const answer = await fetch(url + path, { headers: { authorization: `Bearer ${key}` } })
  equal(answer.status, status, await answer.clone().text())
  return (await answer.json()) as Record<string, unknown>
}
