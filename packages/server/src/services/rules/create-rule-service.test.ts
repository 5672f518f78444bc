import { hash } from 'node:crypto'
import { parseSigmaDocuments } from '@timeskein/query/sigma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { RuleService } from './rule-service.ts'

let place: TemporarySystem
let rules: RuleService

beforeAll(async () => {
  place = await openTemporarySystem()
  rules = place.system.services.rules
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

function write(title: string, { id = '', image = 'a.exe' }: { id?: string; image?: string } = {}): string {
  return `title: ${title}
${id === '' ? '' : `id: ${id}\n`}level: high
tags: [attack.execution, attack.t1059.001]
logsource: { category: process_creation, product: windows }
detection:
  s: { Image|endswith: ${image} }
  condition: s
`
}

const ONE = '11111111-1111-4111-8111-111111111111'
const TWO = '22222222-2222-4222-8222-222222222222'

test('a broken rule of a set spoils no other, and is told with its place', async () => {
  const additions = await rules.add(place.admin, [
    { file: 'good.yml', text: write('Good', { id: ONE }) },
    { file: 'broken.yml', text: 'title: [\n' },
    { file: 'no-detection.yml', text: 'title: None\nlogsource: { product: windows }\n' },
    { file: 'empty.yml', text: '' },
  ])
  expect(additions).toMatchObject({ files: 4, rules: 3, added: 1, updated: 0, unchanged: 0 })
  expect(additions.failed.map(({ file, code }) => [file, code])).toEqual([
    ['broken.yml', 'bad-yaml'],
    ['no-detection.yml', 'bad-rule'],
  ])
  expect(await rules.get(place.admin, ONE.toUpperCase())).toMatchObject({
    uuid: ONE,
    kind: 'rule',
    title: 'Good',
    level: 'high',
    logSource: { category: 'process_creation', product: 'windows', service: undefined },
    tags: ['attack.execution', 'attack.t1059.001'],
    version: 1,
    isEnabled: true,
    file: 'good.yml',
    ordinal: 0,
    text: write('Good', { id: ONE }),
  })
})

test('added again a rule is unchanged, with another text it is a new version', async () => {
  const same = await rules.add(place.admin, [{ file: 'good.yml', text: write('Good', { id: ONE }) }])
  expect(same).toMatchObject({ added: 0, updated: 0, unchanged: 1 })
  const text = write('Better', { id: ONE, image: 'b.exe' })
  expect(await rules.add(place.admin, [{ file: 'good.yml', text }])).toMatchObject({ updated: 1 })
  expect(await rules.get(place.admin, ONE)).toMatchObject({ title: 'Better', version: 2, text })
  const versions = await rules.listVersions(place.admin, ONE)
  expect(versions.map(({ version, username }) => [version, username])).toEqual([
    [2, 'admin'],
    [1, 'admin'],
  ])
})

test('of two rules with one id the first is kept and the second told', async () => {
  const { added, failed } = await rules.add(place.admin, [
    { file: 'a.yml', text: write('First', { id: TWO }) },
    { file: 'b.yml', text: write('Second', { id: TWO }) },
  ])
  expect(added).toBe(1)
  expect(failed).toMatchObject([
    {
      file: 'b.yml',
      code: 'bad-reference',
      rule: 'Second',
      reason: expect.stringContaining('a.yml, line 1'),
    },
  ])
  expect((await rules.get(place.admin, TWO)).title).toBe('First')
})

test('a rule without an id is known again by its title and log source', async () => {
  expect(await rules.add(place.admin, [{ file: 'n.yml', text: write('Nameless') }])).toMatchObject({
    added: 1,
  })
  const again = await rules.add(place.admin, [{ file: 'n.yml', text: write('Nameless', { image: 'c.exe' }) }])
  expect(again).toMatchObject({ added: 0, updated: 1 })
})

test('the rules of a file with several documents are kept each with its own text', async () => {
  const [a, b] = ['33333333-3333-4333-8333-333333333333', '44444444-4444-4444-8444-444444444444']
  const text = `# of both\n${write('A', { id: a })}---\n# of B\n${write('B', { id: b })}`
  await rules.add(place.admin, [{ file: 'two.yml', text }])
  expect((await rules.get(place.admin, a)).text).toBe(`# of both\n${write('A', { id: a })}`)
  expect((await rules.get(place.admin, b)).text).toBe(`# of B\n${write('B', { id: b })}`)
})

test.each(['---\n', '--- \n', '---\r\n'])(
  'documents behind a marker on a line of its own are cut: %j',
  async (marker) => {
    const [c, d] = ['33333333-3333-4333-8333-33333333333c', '44444444-4444-4444-8444-44444444444d']
    const text = `${write('C', { id: c })}${marker}${write('D', { id: d })}`
    await rules.add(place.admin, [{ file: 'plain.yml', text }])
    expect(await rules.get(place.admin, d)).toMatchObject({ text: write('D', { id: d }), ordinal: 0 })
  },
)

test('rules of a collection with actions keep the whole of it, and which of its rules they are', async () => {
  const text = `action: global
title: Of all
logsource: { product: windows }
detection:
  s: { EventID: 1 }
  condition: s
---
id: 55555555-5555-4555-8555-555555555555
---
id: 66666666-6666-4666-8666-666666666666
`
  await rules.add(place.admin, [{ file: 'collection.yml', text }])
  const second = await rules.get(place.admin, '66666666-6666-4666-8666-666666666666')
  expect(second).toMatchObject({ title: 'Of all', ordinal: 1, text })
})

test.each([
  [
    'an action in quotes',
    `'action': global\ntitle: Of all\nlogsource: { product: windows }\ndetection: { s: { EventID: 1 }, condition: s }\n---\nid: A\n---\nid: B\n`,
  ],
  ['documents on the lines of their markers', `--- ${inBraces('A')}\n--- ${inBraces('B')}\n`],
  ['documents that end with a marker of their own', `${inBraces('A')}\n...\n${inBraces('B')}\n`],
  [
    'documents that stand indented',
    `---\n  title: A\n  <<: ${inBraces('A')}\n---\n  title: B\n  <<: ${inBraces('B')}\n`,
  ],
])('rules are kept so that they are read again: %s', async (what, text) => {
  const [a, b] = ['a', 'b'].map((own) => `77777777-7777-4777-8777-${hash('sha1', what + own).slice(0, 12)}`)
  const file = text.replaceAll('id: A', `id: ${a}`).replaceAll('id: B', `id: ${b}`)
  expect(await rules.add(place.admin, [{ file: 'odd.yml', text: file }])).toMatchObject({ added: 2 })
  for (const id of [a!, b!]) {
    const kept = await rules.get(place.admin, id)
    expect(parseSigmaDocuments(kept).documents[kept.ordinal]?.meta.id).toBe(id)
  }
})

function inBraces(id: string): string {
  return `{title: In Braces, id: ${id}, logsource: {product: windows}, detection: {s: {EventID: 1}, condition: s}}`
}

test('good Sigma that cannot be run is kept with the reason', async () => {
  const id = '77777777-7777-4777-8777-777777777777'
  const text = write('Looks around', { id }).replace('Image|endswith: a.exe', "Image|re: 'a(?=b)'")
  const { added, failed, unsupported } = await rules.add(place.admin, [{ file: 'around.yml', text }])
  expect({ added, failed }).toEqual({ added: 1, failed: [] })
  expect(unsupported).toMatchObject([{ code: 'unsupported', rule: 'Looks around' }])
  expect((await rules.get(place.admin, id)).problem).toMatchObject({ code: 'unsupported' })
})

test('one rule is created, replaced, disabled and removed; a removed one comes back with its versions', async () => {
  const id = '88888888-8888-4888-8888-888888888888'
  const text = write('Created', { id })
  expect(await rules.create(place.admin, text)).toMatchObject({ uuid: id, version: 1, isEnabled: true })
  await expect(rules.create(place.admin, text)).rejects.toMatchObject({ code: 'rule-exists' })
  await expect(rules.create(place.admin, 'title: x')).rejects.toMatchObject({ code: 'bad-rule' })
  await expect(rules.replace(place.admin, id, write('Other', { id: ONE }))).rejects.toMatchObject({
    code: 'rule-id-mismatch',
  })
  const replaced = await rules.replace(place.admin, id, write('Replaced', { id }))
  expect(replaced).toMatchObject({ version: 2, title: 'Replaced' })
  expect(await rules.setEnabled(place.admin, id, false)).toMatchObject({ isEnabled: false })
  expect(await rules.list(place.admin, { isEnabled: false, text: 'REPLACED' })).toMatchObject([{ uuid: id }])
  await rules.remove(place.admin, id)
  await expect(rules.get(place.admin, id)).rejects.toMatchObject({ code: 'rule-not-found' })
  expect(await rules.create(place.admin, text)).toMatchObject({ version: 3, isEnabled: true })
})

test('of rules that were removed, or are disabled, it is told that they are back, or stay so', async () => {
  const id = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa'
  const add = async (image: string) =>
    await rules.add(place.admin, [{ file: 'r.yml', text: write('Again', { id, image }) }])
  expect(await add('a.exe')).toMatchObject({ added: 1, disabled: 0 })
  await rules.setEnabled(place.admin, id, false)
  expect(await add('a.exe')).toMatchObject({ updated: 0, unchanged: 1, disabled: 1 })
  expect(await add('b.exe')).toMatchObject({ updated: 1, unchanged: 0, disabled: 1 })
  await rules.remove(place.admin, id)
  expect(await add('b.exe')).toMatchObject({ added: 0, updated: 0, restored: 1, unchanged: 0, disabled: 0 })
  expect(await rules.get(place.admin, id)).toMatchObject({ version: 2, isEnabled: true })
  await rules.remove(place.admin, id)
})

test('only who added a rule, or an administrator, may change it', async () => {
  const [ana, bob] = [await place.addUser('ana'), await place.addUser('bob')]
  const id = '99999999-9999-4999-8999-999999999999'
  await rules.create(ana, write('Of Ana', { id }))
  const text = write('Of Bob', { id })
  await expect(rules.replace(bob, id, text)).rejects.toMatchObject({ code: 'not-own-rule' })
  await expect(rules.remove(bob, id)).rejects.toMatchObject({ code: 'not-own-rule' })
  await expect(rules.setEnabled(bob, id, false)).rejects.toMatchObject({ code: 'not-own-rule' })
  expect(await rules.add(bob, [{ file: 'x.yml', text }])).toMatchObject({
    updated: 0,
    failed: [{ rule: 'Of Bob' }],
  })
  expect((await rules.get(bob, id)).title).toBe('Of Ana')
  await rules.remove(place.admin, id)
})

test('a policy groups rules of the library', async () => {
  const { policies } = place.system.services
  const made = await policies.create(place.admin, { name: 'Baseline', ruleUuids: [ONE.toUpperCase(), TWO] })
  expect(made).toMatchObject({ name: 'Baseline', ruleUuids: [ONE, TWO] })
  await expect(policies.create(place.admin, { name: 'Baseline' })).rejects.toMatchObject({
    code: 'policy-exists',
  })
  await expect(policies.create(place.admin, { name: 'Of none', ruleUuids: ['x'] })).rejects.toMatchObject({
    code: 'rule-not-found',
  })
  expect((await policies.update(place.admin, made.uuid, { ruleUuids: [TWO] })).ruleUuids).toEqual([TWO])
  await rules.remove(place.admin, TWO)
  expect((await policies.get(place.admin, made.uuid)).ruleUuids).toEqual([])
  await policies.delete(place.admin, made.uuid)
  expect(await policies.list(place.admin)).toEqual([])
})
