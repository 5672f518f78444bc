import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Principal } from '../../auth/principal.ts'
import { openTemporarySystem, type TemporarySystem } from '../../testing/temporary-system.ts'
import type { CatalogueDraft } from './rule-catalogue-service.ts'

let place: TemporarySystem
let ana: Principal
let bob: Principal
beforeAll(async () => {
  place = await openTemporarySystem()
  ana = await place.addUser('ana')
  bob = await place.addUser('bob')
})
afterAll(async () => {
  await place[Symbol.asyncDispose]()
})

const counted = (name: string, value = 'failure'): string =>
  `name: ${name}\ndetection:\n  selection:\n    event.outcome: ${value}\n  condition: selection`
const correlation = (rule: string): string =>
  `action: correlation\ntype: event_count\nrule: ${rule}\ngroup-by: [user.name]\ntimespan: 1h\ncondition:\n  gte: 3`
const draft = (...documents: string[]): CatalogueDraft => ({
  title: 'Many',
  description: '',
  payload: documents.join('\n---\n'),
  severity: 50,
  tags: [],
  isEnabled: true,
  details: {},
})

async function listTexts(): Promise<readonly string[]> {
  const rules = await place.system.services.rules.listWithTexts(ana)
  return rules.map(({ text, isEnabled }) => `${isEnabled} ${text}`).sort()
}

test('a rule is changed whole or not at all', async () => {
  const { ruleCatalogue } = place.system.services
  const made = await ruleCatalogue.create(ana, draft(counted('one'), counted('two'), correlation('one')))
  const before = await listTexts()
  expect(before).toHaveLength(3)
  const broken = draft(
    counted('one', 'changed'),
    'name: three\ndetection:\n  s:\n    a|nonsense: b\n  condition: s',
    correlation('one'),
  )
  await expect(ruleCatalogue.update(ana, made.rule.uuid, broken)).rejects.toMatchObject({ code: 'bad-rule' })
  await expect(ruleCatalogue.create(ana, broken)).rejects.toMatchObject({ code: 'bad-rule' })
  expect(await listTexts()).toEqual(before)
  const changed = draft(counted('one', 'changed'), correlation('one'))
  await expect(ruleCatalogue.update(bob, made.rule.uuid, changed)).rejects.toMatchObject({
    code: 'not-own-rule',
  })
  expect(await listTexts()).toEqual(before)
  const after = await ruleCatalogue.update(ana, made.rule.uuid, { ...changed, isEnabled: false })
  expect(after.payload).toBe(changed.payload)
  const texts = await listTexts()
  expect(texts).toHaveLength(2)
  for (const text of texts) expect(text).toMatch(/^false/)
  await ruleCatalogue.remove(ana, made.rule.uuid)
  expect(await listTexts()).toEqual([])
})

test('two changes at once leave the rules of one of them', async () => {
  const { ruleCatalogue, rules } = place.system.services
  const { uuid } = (await ruleCatalogue.create(ana, draft(counted('a'), correlation('a')))).rule
  await Promise.all([
    ruleCatalogue.update(ana, uuid, draft(counted('b'), correlation('b'))),
    ruleCatalogue.update(ana, uuid, draft(counted('c'), correlation('c'))),
  ])
  const titles = (await rules.list(ana)).map(({ title }) => title).sort()
  expect(titles).toEqual(['Many', expect.stringMatching(/^Many: [bc]$/)])
  await ruleCatalogue.remove(ana, uuid)
})

test('a rule of which a part was removed by itself can still be switched off and removed', async () => {
  const { ruleCatalogue, rules } = place.system.services
  const { uuid } = (await ruleCatalogue.create(ana, draft(counted('a'), correlation('a')))).rule
  const part = (await rules.list(ana)).find((rule) => rule.uuid !== uuid)!
  await rules.remove(ana, part.uuid)
  expect((await ruleCatalogue.setEnabled(ana, uuid, false)).rule.isEnabled).toBe(false)
  await ruleCatalogue.remove(ana, uuid)
  expect(await rules.list(ana)).toEqual([])
})
