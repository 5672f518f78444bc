import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApiRule } from '@timeskein/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXIT } from '../exit-codes.ts'
import { openPlace, type TestPlace } from '../testing/open-place.ts'
import { runSkein, type SkeinRun } from '../testing/run-skein.ts'

const ID = 'abababab-0000-4000-8000-000000000009'
const FILES = {
  'rule.yml': `title: Tool of Admins
id: ${ID}
logsource: { category: process_creation, product: windows }
detection:
  s: { Image|endswith: '\\tool.exe', CommandLine|endswith|expand: ' %admins%' }
  condition: s
`,
  'vars.yml': 'name: people\nvars: { admins: [root] }\n',
  'fields.yml': `name: fields
priority: 15
transformations:
  - { type: field_name_mapping, mapping: { Image: proc } }
`,
  'broken.yml': 'name: b\ntransformations:\n  - type: no_such_step\n',
  'events.jsonl': `${JSON.stringify({
    datetime: '2026-03-01T10:00:00Z',
    message: 'Process Create',
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    proc: 'C:\\tool.exe',
    CommandLine: 'tool.exe root',
    Computer: 'WS-1',
  })}\n`,
}

describe.each(['data directory', 'server'] as const)('pipelines, with a %s', (kind) => {
  let folder: string
  let place: TestPlace

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-pipelines-'))
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text)
    place = await openPlace(kind, join(folder, 'data'))
    await skein('import', at('events.jsonl'), '--sketch', 'case')
    await skein('rules', 'add', at('rule.yml'))
  })
  afterAll(async () => {
    await place[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const at = (name: keyof typeof FILES): string => join(folder, name)
  const skein = (...args: string[]): Promise<SkeinRun> => runSkein([...args, ...place.where])
  const dryRun = async (...args: string[]): Promise<unknown> => {
    const { out, err, exitCode } = await skein('detect', '-s', 'case', '--dry-run', '--json', ...args)
    expect(exitCode, err).toBe(0)
    return JSON.parse(out)
  }

  test('some are given to one run', async () => {
    expect((await skein('detect', '-s', 'case', '--dry-run')).out).toContain('skein rules add FILE')
    const found = { hits: 1, matched: [{ id: ID }] }
    const rules = ['--rules', at('rule.yml')]
    expect(await dryRun('--pipeline', `${at('vars.yml')},${at('fields.yml')}`)).toMatchObject(found)
    expect(await dryRun('-p', at('vars.yml'), '-p', at('fields.yml'), ...rules)).toMatchObject(found)
    expect(await dryRun()).toMatchObject({ hits: 0, unmatched: { 'nothing-asked': 1 } })
  })

  test('what is wrong with one is said before anything runs', async () => {
    for (const [exit, name, said] of [
      [EXIT.badInput, at('broken.yml'), 'broken.yml, line 3, column 11: '],
      [EXIT.notFound, join(folder, 'nowhere.yml'), 'nowhere.yml'],
      [EXIT.usage, 'sysmon', 'chosen by what a timeline holds'],
    ] as const) {
      const run = await skein('detect', '-s', 'case', '--pipeline', name)
      expect([run.exitCode, run.err]).toEqual([exit, expect.stringContaining(said)])
    }
    const live = await skein('detect', '-s', 'case', '--live', 'on', '--pipeline', at('vars.yml'))
    expect(live.exitCode).toBe(EXIT.usage)
  })

  test('they are kept with the rules, and checked as those', async () => {
    const bad = await skein('rules', 'add', at('broken.yml'))
    expect(bad.exitCode).toBe(EXIT.badInput)
    expect(bad.out).toMatch(/NOT TAKEN {3}.*broken\.yml:3:11 /)
    const added = await skein('rules', 'add', at('vars.yml'), at('fields.yml'), at('rule.yml'))
    expect(added.out).toContain('3 files, 1 rule, 2 pipelines: 2 added, 0 updated, 1 unchanged, 0 not taken')
    expect((await skein('rules', 'add', at('vars.yml'))).out).toContain('1 file, 1 pipeline: 0 added')
    expect((await skein('rules', 'list')).out).toMatch(/enabled +pipeline +1 +people/)
    expect(await dryRun()).toMatchObject({ hits: 1 })
    const { out } = await skein('rules', 'list', '--kind', 'pipeline', '--json')
    const [people, fields] = JSON.parse(out) as readonly ApiRule[]
    expect([people, fields]).toMatchObject([{ title: 'people' }, { title: 'fields' }])
    expect((await skein('rules', 'show', people!.id)).out).toContain('vars: { admins: [root] }')
    await skein('rules', 'disable', people!.id)
    expect(await dryRun()).toMatchObject({ hits: 0, unmatched: { 'nothing-asked': 1 } })
    await skein('rules', 'enable', people!.id)
    expect(await dryRun()).toMatchObject({ hits: 1 })
    await skein('rules', 'remove', people!.id, fields!.id)
    expect(await dryRun()).toMatchObject({ hits: 0 })
  })

  test('a folder with some is checked whole', async () => {
    const { out, exitCode } = await runSkein([
      'sigma',
      'check',
      at('vars.yml'),
      at('rule.yml'),
      at('broken.yml'),
    ])
    expect(exitCode).toBe(0)
    expect(out).toMatch(/FAILED {3}.*broken\.yml:3:11 /)
    expect(out).toContain('3 files, 1 rules, 2 pipelines: 2 can be used, 1 cannot')
  })
})
