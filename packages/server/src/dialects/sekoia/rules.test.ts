import type { Sekoia } from '@timeskein/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSekoia, type SekoiaPlace } from './testing/open-sekoia.ts'
import { RULE } from './testing/rule.ts'

let at: SekoiaPlace
let sekoia: Sekoia

beforeEach(async () => {
  at = await openSekoia()
  sekoia = at.sekoia
})
afterEach(async () => {
  await at[Symbol.asyncDispose]()
  expect(at.problems).toEqual([])
})

test('a rule is made, found, changed, switched off and deleted', async () => {
  const rule = await sekoia.rules.create({
    ...RULE,
    tags: ['attack.t1059', 'own'],
    similarity_strategy: ['host.name'],
  })
  expect(rule).toMatchObject({
    ...RULE,
    tags: [{ name: 'attack.t1059' }, { name: 'own' }],
    alert_type: { value: 'application-compromise' },
    similarity_strategy: ['host.name'],
    last_compilation_success: true,
  })
  const inLibrary = await at.place.system.services.rules.get(at.place.admin, rule.uuid)
  expect(inLibrary).toMatchObject({ title: RULE.name, level: 'medium', isEnabled: true })
  for (const [match, count] of [
    [{ name: RULE.name }, 1],
    [{ name: 'Powershell' }, 0],
    [{ type: ['sigma', 'cti'] }, 1],
    [{ severity: 40 }, 1],
    [{ severity: 'high' }, 0],
    [{ enabled: true, created_by: rule.created_by }, 1],
  ] as const)
    expect((await sekoia.rules.list({ match }).toArray()).length, JSON.stringify(match)).toBe(count)
  const changed = await sekoia.rules.update(rule.uuid, { ...RULE, name: 'Other, with a comma', severity: 90 })
  expect(changed).toMatchObject({ uuid: rule.uuid, name: 'Other, with a comma', severity: 90, tags: [] })
  expect((await sekoia.rules.list({ match: { name: 'Other, with a comma' } }).toArray()).length).toBe(1)
  expect((await sekoia.rules.disable(rule.uuid)).enabled).toBe(false)
  expect((await sekoia.rules.enable(rule.uuid)).enabled).toBe(true)
  await sekoia.rules.delete(rule.uuid)
  expect(await sekoia.rules.get(rule.uuid)).toBeUndefined()
  await expect(sekoia.rules.delete(rule.uuid)).rejects.toMatchObject({ status: 404 })
})

test.each([
  [{ payload: 'detection:\n  a: [' }, 'bad-rule', 'line 2'],
  [{ payload: 'detection:\n  s:\n    a|containz: b\n  condition: s' }, 'bad-rule', 'containz'],
  [{ payload: 'words' }, 'bad-rule', 'a detection was expected'],
  [{ payload: 'detection:\n  s:\n    a: b\n  condition: other' }, 'bad-rule', 'other'],
  [{ name: 'x' }, 'bad-request', 'name'],
  [{ severity: 101 }, 'bad-request', 'severity'],
  [{ type: 'cti' as const }, 'rule-type-not-run', 'sigma, correlation'],
])('a rule that cannot be run is refused, and nothing of it is kept: %j', async (wrong, code, sentence) => {
  await expect(sekoia.rules.create({ ...RULE, ...wrong })).rejects.toMatchObject({
    status: 400,
    code,
    message: expect.stringContaining(sentence) as string,
  })
  expect(await sekoia.rules.list().toArray()).toEqual([])
})

test('a correlation brings the rules that it counts, and takes them with it', async () => {
  const payload = [
    'name: failed',
    'detection:\n  selection:\n    event.outcome: failure\n  condition: selection',
    '---',
    'action: correlation\ntype: event_count\nrule: failed\ngroup-by: [user.name]\ntimespan: 1h\ncondition:\n  gte: 3',
  ].join('\n')
  const rule = await sekoia.rules.create({ ...RULE, type: 'correlation', payload })
  expect(rule).toMatchObject({ type: 'correlation', payload })
  expect((await sekoia.rules.list().toArray()).length).toBe(1)
  const { rules } = at.place.system.services
  expect((await rules.list(at.place.admin)).map(({ kind }) => kind)).toEqual(['rule', 'correlation'])
  await sekoia.rules.update(rule.uuid, {
    ...RULE,
    type: 'correlation',
    payload: payload.replace('gte: 3', 'gte: 5'),
  })
  expect((await rules.list(at.place.admin)).length).toBe(2)
  await sekoia.rules.delete(rule.uuid)
  expect(await rules.list(at.place.admin)).toEqual([])
})
