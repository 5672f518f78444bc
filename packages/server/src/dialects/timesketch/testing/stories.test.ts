import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestServer, type TestClient, type TestServer } from './test-server.ts'

let server: TestServer
let owner: TestClient
let reader: TestClient
let sketchId: number

beforeAll(async () => {
  server = await openTestServer()
  owner = await server.signIn('owner')
  reader = await server.signIn('reader')
  sketchId = (await owner.post('/sketches/', { name: 'told' })).json.objects[0].id
  await owner.post(`/sketches/${sketchId}/collaborators/`, { users: ['reader'], permissions: '["read"]' })
  const events = Array.from({ length: 30 }, (_, n) =>
    JSON.stringify({
      message: n === 0 ? '<script>alert(1)</script> | pipe' : `line ${n}`,
      datetime: new Date(Date.UTC(2024, 1, 1, n)).toISOString(),
      timestamp_desc: 'x',
      user: `user${n % 2}`,
    }),
  ).join('\n')
  await owner.upload({ sketch_id: sketchId, name: 'lines', events, data_label: 'generic' })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const path = (rest = '') => `/sketches/${sketchId}/stories/${rest}`
const block = (componentName: string, componentProps: object, content = '') => ({
  componentName,
  componentProps,
  content,
  edit: false,
  showPanel: false,
  isActive: false,
})
const textBlock = (content: string) => block('', {}, content)

async function makeStory(blocks: readonly object[]): Promise<number> {
  const content = JSON.stringify(blocks)
  return (await owner.post(path(), { title: 'What happened', content })).json.objects[0].id
}
async function exportAs(id: number, export_format: string): Promise<string> {
  return (await owner.post(path(`${id}/`), { export_format })).json.story
}

describe('stories', () => {
  test('are made, listed, read, changed and deleted', async () => {
    const content = JSON.stringify([textBlock('# Head')])
    const made = await owner.post(path(), { title: 'One', content, labels: ['draft'] })
    const [story] = made.json.objects
    expect([made.status, story]).toMatchObject([201, { title: 'One', content, labels: ['draft'] }])
    const [second] = (await owner.post(path(), { title: 'Two' })).json.objects
    expect(second.content).toBe('[]')
    const titles = (await reader.get(path())).json.objects[0].map(({ title }: { title: string }) => title)
    expect(titles).toEqual(['Two', 'One'])
    expect((await owner.get(path(`${story.id}/`))).json.meta).toEqual({ is_editable: true })
    expect((await reader.get(path(`${story.id}/`))).json.meta).toEqual({ is_editable: false })
    const changed = await owner.post(path(`${story.id}/`), { title: 'First', content: '[]' })
    expect([changed.status, changed.json.objects[0]]).toMatchObject([
      201,
      { title: 'First', content: '[]', labels: ['draft'] },
    ])
    const { stories } = (await owner.get(`/sketches/${sketchId}/`)).json.meta
    expect(stories).toMatchObject([{ title: 'Two', user: 'owner' }, { title: 'First' }])
    for (const { id } of [story, second]) expect((await owner.delete(path(`${id}/`))).text).toBe('200\n')
    expect((await owner.get(path())).json.objects).toEqual([])
    expect((await owner.get(path(`${story.id}/`))).json.message).toBe('No Story found with this ID.')
  })

  test('keep what they have when they are given what is no text', async () => {
    const id = await makeStory([textBlock('kept')])
    for (const content of [5, true, [textBlock('a list')], { 0: 'an object' }]) {
      const refused = await owner.post(path(`${id}/`), { title: 'What happened', content })
      expect([refused.status, refused.json.message]).toEqual([400, expect.stringContaining('is no text')])
    }
    expect((await owner.get(path(`${id}/`))).json.objects[0].content).toContain('kept')
    await owner.delete(path(`${id}/`))
  })

  test('go with their sketch when it is removed, as all that was made of it', async () => {
    const admin = await server.signIn('boss', { isAdmin: true })
    const id = (await admin.post('/sketches/', { name: 'to be removed' })).json.objects[0].id
    const at = `/sketches/${id}`
    await admin.post(`${at}/stories/`, { title: 'x' })
    const kept = { name: 'x', agg_type: 'field_bucket', parameters: {} }
    const { id: member } = (await admin.post(`${at}/aggregation/`, kept)).json.objects[0]
    await admin.post(`${at}/aggregation/group/`, { aggregations: [member] })
    await admin.post(`${at}/graphs/`, { name: 'x', elements: [] })
    const question = (await admin.post(`${at}/questions/`, { question_text: 'x' })).json.objects[0].id
    await admin.post(`${at}/questions/${question}/conclusions/`, { conclusionText: 'x' })
    expect(await admin.delete(`${at}/?force=true`)).toMatchObject({ status: 200 })
    expect(server.system.checkDatabase()).toEqual([])
    expect(await admin.get(`${at}/stories/`)).toMatchObject({ status: 404 })
  })

  test.each([
    [{ content: '[]' }, 'title'],
    [{ title: 'x', content: 'no json' }, 'not JSON'],
    [{ title: 'x', content: '{}' }, 'no list'],
    [{ title: 'x', content: '[1]' }, 'block 1 is no object'],
  ])('%j is refused', async (bad, message) => {
    const answer = await owner.post(path(), bad)
    expect([answer.status, answer.json.message]).toEqual([400, expect.stringContaining(message)])
  })
})

describe('a story written out', () => {
  test('holds its text and its table of events, cut in the middle', async () => {
    const view = { name: 'all', query: '*', filter: { fields: [{ field: 'message' }] } }
    const saved = (await owner.post(`/sketches/${sketchId}/views/`, view)).json.objects[0]
    const id = await makeStory([
      textBlock('# Head'),
      block('TsViewEventList', { view: { id: saved.id, name: 'all' } }),
    ])
    const markdown = await exportAs(id, 'markdown')
    const lines = markdown.split('\n')
    expect(lines.slice(0, 5)).toEqual([
      '# Head',
      '',
      '|  | message |',
      '|:---|:---|',
      '| 0 | &lt;script&gt;alert(1)&lt;/script&gt; \\| pipe |',
    ])
    expect(lines.slice(-6)).toEqual(['| ... |', ...[25, 26, 27, 28, 29].map((n) => `| ${n} | line ${n} |`)])
    const page = await exportAs(id, 'html')
    expect(page).toContain('<h1>Head</h1>')
    expect(page).toContain('… 5 more …')
    expect(page).not.toContain('<script>alert')
  })

  test('holds charts in HTML and tables in Markdown; nothing in the page runs or is loaded', async () => {
    const parameters = { field: 'user', chart_title: '</script><script>alert(2)</script>' }
    const body = { name: 'Users', agg_type: 'field_bucket', parameters, chart_type: 'barchart' }
    const aggregation = (await owner.post(`/sketches/${sketchId}/aggregation/`, body)).json.objects[0]
    const shown = { id: aggregation.id, name: 'Users', chart_type: 'barchart' }
    const id = await makeStory([block('TsAggregationCompact', { aggregation: shown })])
    expect(await exportAs(id, 'markdown')).toContain('| 0 | user0 | 15 |')
    const page = await exportAs(id, 'html')
    expect(page.match(/<rect /g)).toHaveLength(2)
    expect(page).toContain('user: user0\ncount: 15</title></rect>')
    expect(page).toContain('<td>user0</td><td>15</td>')
    expect(page).toContain('content="default-src \'none\'"')
    expect(page).not.toMatch(/<script|<style|<link|<img|\ssrc=|\shref=|url\(/i)
  })

  test('draws groups and saved visualizations', async () => {
    const body = {
      name: 'u',
      agg_type: 'field_bucket',
      parameters: { field: 'user' },
      chart_type: 'barchart',
    }
    const saved = (await owner.post(`/sketches/${sketchId}/aggregation/`, body)).json.objects[0]
    const apart = (await owner.post(`/sketches/${sketchId}/aggregation/`, body)).json.objects[0]
    const made = { name: 'g', aggregations: [saved.id] }
    const group = (await owner.post(`/sketches/${sketchId}/aggregation/group/`, made)).json.objects[0]
    const id = await makeStory([
      block('TsAggregationGroupCompact', { aggregation_group: { id: group.id, name: 'g' } }),
      block('TsSavedVisualization', { name: 'u', savedVisualization: apart.id }),
    ])
    expect((await exportAs(id, 'html')).match(/<svg /g)).toHaveLength(2)
    expect(await exportAs(id, 'markdown')).toContain('*<unable_to_display_chart_objects>*')
  })

  test('says what it cannot show', async () => {
    const id = await makeStory([
      block('TsViewEventList', { view: { id: 999_999, name: 'gone' } }),
      block('TsAggregationCompact', { aggregation: { id: 999_999, name: 'lost' } }),
      block('TsMystery', {}),
    ])
    expect(await exportAs(id, 'markdown')).toBe(
      [
        '*The saved search "gone" is not there any more.*',
        '*The aggregation "lost" is not there any more.*',
        '*This server does not know blocks of the kind "TsMystery".*',
      ].join('\n\n'),
    )
  })

  test('is refused in a form there is none of', async () => {
    const id = await makeStory([])
    expect(await owner.post(path(`${id}/`), { export_format: 'pdf' })).toMatchObject({ status: 400 })
    expect(await exportAs(id, 'markdown')).toBe('')
  })

  test('is in the export of the sketch, with aggregations and groups beside it', async () => {
    const answer = await owner.post(`/sketches/${sketchId}/archive/`, { action: 'export' })
    for (const part of [
      /stories\/\d{4}_What happened\.html/,
      /aggregations\/\d{4}_Users\.meta/,
      /aggregations\/\d{4}_Users\.html/,
      /aggregations\/\d{4}_Users\.csv/,
      /aggregation_groups\/\d{4}_g\.html/,
    ])
      expect(answer.text).toMatch(part)
  })
})
