import { deepStrictEqual, equal, ok } from 'node:assert/strict'
import { type ClientCheck, connect } from './client-checks.ts'
import type { SekoiaServer } from './serve.ts'

const RULE = {
  name: 'Certutil by command line',
  type: 'sigma',
  description: '',
  payload: "detection:\n  selection:\n    process.command_line|contains: 'certutil'\n  condition: selection",
  severity: 40,
  effort: 2,
  alert_type_uuid: '599f4b1a-dd60-43fe-8ee9-07d3c5d00ded',
  enabled: true,
} as const

/** What the routes do that no script of the vendor's page asks: by the client where it has a word for them, else as any program asks. */
export const ROUTE_CHECKS: readonly ClientCheck[] = [
  {
    name: 'who asks, their community, its roles, users and invitations',
    async run(server) {
      const sekoia = connect(server)
      const token = await sekoia.validate()
      const me = await sekoia.me()
      const [community] = await sekoia.communities.list().toArray()
      equal((await sekoia.communities.get(community!.uuid))!.name, community!.name)
      const roles = await sekoia.communities.listRoles(community!.uuid).toArray()
      ok(roles.some(({ name }) => name === 'Analyst'))
      equal((await sekoia.communities.getUser(me.uuid))!.email, me.email)
      const email = 'sam@example.com'
      await sekoia.communities.invite({ email, communities: { [community!.uuid]: [roles[0]!.uuid] } })
      const invited = await ask<{ items: { email: string }[] }>(server, 'GET', '/v1/invitations')
      ok(invited.items.some((one) => one.email === email))
      return `${Object.keys(token).length} facts of the key, ${roles.length} roles, ${invited.items.length} invitations`
    },
  },
  {
    name: 'a rule is looked at, changed, switched off and on, and deleted',
    async run(server) {
      const { rules } = connect(server)
      const { uuid } = await rules.create(RULE)
      equal((await rules.get(uuid))!.name, RULE.name)
      equal((await rules.update(uuid, { ...RULE, severity: 50 })).severity, 50)
      const older = `/v1/sic/conf/rules-catalog/multi-tenant/rules/${uuid}`
      equal((await ask<{ severity: number }>(server, 'PUT', older, { severity: 60 })).severity, 60)
      equal((await rules.disable(uuid)).enabled, false)
      equal((await rules.enable(uuid)).enabled, true)
      await rules.delete(uuid)
      deepStrictEqual(await rules.list({ match: { uuid } }).toArray(), [])
      return uuid
    },
  },
  {
    name: 'search jobs are listed and cancelled, their exports told',
    async run(server) {
      const { searchJobs } = connect(server)
      const draft = { term: '*', earliest_time: '-31d', latest_time: 'now' }
      const job = await searchJobs.create(draft)
      await searchJobs.wait(job.uuid)
      await searchJobs.export(job.uuid, { fields: ['message'] })
      const place = `/v1/sic/conf/events/search/jobs/${job.uuid}`
      const told = await ask<object>(server, 'GET', `${place}/export-jobs`)
      ok((await searchJobs.list().toArray()).some(({ uuid }) => uuid === job.uuid))
      await ask(server, 'PATCH', `/v1/sic/conf/events/search/jobs/${(await searchJobs.create(draft)).uuid}`, {
        status: 3,
      })
      await ask(server, 'DELETE', `/v1/sic/conf/events/search/jobs/${(await searchJobs.create(draft)).uuid}`)
      return Object.keys(told).join(', ')
    },
  },
  {
    name: 'what may be done with an alert, what was said of it, and its kill chain',
    async run(server) {
      const { alerts } = connect(server)
      const alert = await alerts.list().first()
      const actions = await alerts.listActions(alert!.uuid)
      await alerts.comment(alert!.uuid, { content: 'Looked at.' })
      const comments = await alerts.listComments(alert!.uuid).toArray()
      ok(comments.some(({ content }) => content === 'Looked at.'))
      const chains = await ask<{ items: { uuid: string; name: string }[] }>(
        server,
        'GET',
        '/v1/sic/kill-chains',
      )
      equal((await alerts.getKillChain(chains.items[0]!.uuid))!.name, chains.items[0]!.name)
      return `${actions.length} actions, ${comments.length} comments, ${chains.items.length} steps of a kill chain`
    },
  },
  {
    name: 'a case is made, changed, commented, filled, emptied and deleted',
    async run(server) {
      const sekoia = connect(server)
      const { cases } = sekoia
      const { uuid } = await cases.create({ title: 'Routes', tags: ['routes'] })
      equal((await cases.update(uuid, { title: 'All routes' })).title, 'All routes')
      ok((await cases.list().toArray()).some((one) => one.uuid === uuid))
      ok((await cases.listTags()).includes('routes'))
      const alert = await sekoia.alerts.list().first()
      await cases.addAlerts(uuid, [alert!.uuid])
      await ask(server, 'POST', `/v1/sic/cases/${uuid}/alerts`, { alerts: [alert!.uuid] })
      equal((await cases.listAlerts(uuid).toArray()).length, 1)
      const event = await sekoia.search('*', { earliest: '31d' }).first()
      await cases.addEvents(uuid, [event!.__event_id])
      await cases.removeEvent(uuid, event!.__event_id)
      const comment = await cases.comment(uuid, 'First.')
      await cases.changeComment(uuid, comment.uuid, 'First of all.')
      const place = `/v1/sic/cases/${uuid}/comments/${comment.uuid}`
      equal((await ask<{ content: string }>(server, 'GET', place)).content, 'First of all.')
      equal((await cases.listComments(uuid).toArray()).length, 1)
      await cases.deleteComment(uuid, comment.uuid)
      await cases.delete(uuid)
      ok((await cases.list().toArray()).every((one) => one.uuid !== uuid))
      return uuid
    },
  },
  {
    name: 'entities, intakes and their formats are made, changed and deleted',
    async run(server) {
      const { entities, intakes } = connect(server)
      const modes = await ask<{ items: { uuid: string }[] }>(server, 'GET', '/v1/sic/conf/generation-modes')
      const entity = await entities.create({ name: 'routes of all' })
      equal((await entities.update(entity.uuid, { name: 'all routes' })).name, 'all routes')
      equal((await entities.get(entity.uuid))!.name, 'all routes')
      ok((await entities.list().toArray()).some(({ uuid }) => uuid === entity.uuid))
      const draft = { name: 'a format', slug: 'a-format' }
      const format = await ask<{ uuid: string }>(server, 'POST', '/v1/ingest/formats', draft)
      const place = `/v1/ingest/formats/${format.uuid}`
      await ask(server, 'PUT', place, { ...draft, name: 'the format' })
      equal((await intakes.getFormat(format.uuid))!.name, 'the format')
      const intake = await intakes.create({
        name: 'all routes',
        entity_uuid: entity.uuid,
        format_uuid: format.uuid,
      })
      await intakes.update(intake.uuid, { name: 'every route' })
      equal((await intakes.get(intake.uuid))!.name, 'every route')
      await intakes.delete(intake.uuid)
      await entities.delete(entity.uuid)
      return `${modes.items.length} generation modes`
    },
  },
  {
    name: 'assets are made, described by both versions, and deleted',
    async run(server) {
      const { assets } = connect(server)
      const asset = await assets.create({ name: 'laptop of all routes', type: 'host' })
      ok((await assets.list().toArray()).some(({ uuid }) => uuid === asset.uuid))
      const first = `/v1/asset-management/assets/${asset.uuid}`
      await ask(server, 'PUT', first, { description: 'described', criticity: 70, owners: ['ana'] })
      equal((await assets.get(asset.uuid))!.description, 'described')
      await ask(server, 'GET', first)
      await ask(server, 'GET', '/v1/asset-management/assets')
      deepStrictEqual((await ask<{ items: string[] }>(server, 'GET', `${first}/owners`)).items, ['ana'])
      for (const kind of ['attr', 'keys']) {
        const added = await ask<{ uuid: string }>(server, 'POST', `${first}/${kind}?name=os&value=linux`)
        equal((await ask<{ items: unknown[] }>(server, 'GET', `${first}/${kind}`)).items.length, 1)
        await ask(server, 'DELETE', `${first}/${kind}/${added.uuid}`)
      }
      await assets.delete(asset.uuid)
      const other = await ask<{ uuid: string }>(server, 'POST', '/v1/asset-management/assets', {
        name: 'another laptop',
        criticity: { value: 70 },
      })
      equal((await assets.get(other.uuid))!.criticality, 70)
      await ask(server, 'DELETE', `/v1/asset-management/assets/${other.uuid}`)
      return asset.uuid
    },
  },
  {
    name: 'programs in SOL are kept, changed, run by their id and deleted',
    async run(server) {
      const { queries } = connect(server)
      const draft = { name: 'intakes', definition: { ql_query: 'intakes | select name' } }
      const saved = await queries.create(draft)
      await queries.update(saved.uuid, { ...draft, name: 'all intakes' })
      equal((await queries.get(saved.uuid))!.name, 'all intakes')
      ok((await queries.list().toArray()).some(({ uuid }) => uuid === saved.uuid))
      const rows = await queries.runSaved(saved.uuid).toArray()
      await queries.delete(saved.uuid)
      return `${rows.length} rows`
    },
  },
]

async function ask<Answer>(
  { url, key }: SekoiaServer,
  method: string,
  path: string,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}
