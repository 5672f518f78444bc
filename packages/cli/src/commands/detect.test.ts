import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { ApiAlert, ApiDetectionReport, ApiPolicy, ApiRule, ApiSuppression } from '@timeskein/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import yazl from 'yazl'
import { EXIT } from '../exit-codes.ts'
import { openPlace, type TestPlace } from '../testing/open-place.ts'
import { runSkein, type SkeinRun } from '../testing/run-skein.ts'

const ID = 'abababab-0000-4000-8000-000000000001'
const OTHER_ID = 'abababab-0000-4000-8000-000000000002'

function writeRule(id: string, title: string, command: string): string {
  return `title: ${title}
id: ${id}
level: high
tags: [attack.discovery, attack.t1033]
logsource: { category: process_creation, product: windows }
detection: { s: { CommandLine|contains: ${command} }, condition: s }
`
}

const EVENTS = ['whoami /all', 'whoami /groups', 'notepad.exe'].map((command, hour) =>
  JSON.stringify({
    datetime: `2026-03-01T1${hour}:00:00Z`,
    message: command,
    EventID: 1,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    Image: 'C:\\Windows\\System32\\cmd.exe',
    CommandLine: command,
    Computer: 'WS-1',
  }),
)

async function zip(path: string, entries: Readonly<Record<string, string>>): Promise<void> {
  const file = new yazl.ZipFile()
  for (const [name, text] of Object.entries(entries)) file.addBuffer(Buffer.from(text), name)
  file.end()
  await writeFile(path, await buffer(file.outputStream))
}

describe.each(['data directory', 'server'] as const)('with a %s', (kind) => {
  let folder: string
  let place: TestPlace

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-detect-'))
    await mkdir(join(folder, 'rules', 'deeper'), { recursive: true })
    await writeFile(join(folder, 'rules', 'a.yml'), writeRule(ID, 'Whoami Run', 'whoami'))
    await writeFile(join(folder, 'rules', 'deeper', 'broken.yaml'), 'title: [')
    await writeFile(join(folder, 'rules', 'README.md'), '# not a rule')
    await writeFile(join(folder, 'rules', 'deeper', 'twin.yml'), writeRule(ID, 'Twin', 'x'))
    await zip(join(folder, 'rules.zip'), {
      'set/b.yml': writeRule(OTHER_ID, 'Net Run', 'net user'),
      'set/inner.zip': 'PK',
    })
    await writeFile(join(folder, 'events.jsonl'), `${EVENTS.join('\n')}\n`)
    place = await openPlace(kind, join(folder, 'data'))
  })
  afterAll(async () => {
    await place[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const skein = (...args: string[]): Promise<SkeinRun> => runSkein([...args, ...place.where])
  const json = async <Value>(...args: string[]): Promise<Value> => {
    const run = await skein(...args, '--json')
    expect(run.exitCode, run.err).toBe(0)
    return JSON.parse(run.out) as Value
  }

  test('a folder of rules is added; what is wrong with one spoils no other', async () => {
    const run = await skein('rules', 'add', join(folder, 'rules'))
    expect(run.exitCode, run.err).toBe(0)
    expect(run.out).toContain('3 files, 3 rules: 1 added, 0 updated, 0 unchanged, 2 not taken')
    expect(run.out).toMatch(/NOT TAKEN {3}.*broken\.yaml:1:/)
    expect(run.out).toMatch(/twin\.yml.*found that of "Whoami Run"/)
    expect(await json('rules', 'add', join(folder, 'rules', 'a.yml'))).toMatchObject({
      files: 1,
      rules: 1,
      added: 0,
      unchanged: 1,
    })
  })

  test('a zip is read without being unpacked; an archive in it is told', async () => {
    expect(await json('rules', 'add', join(folder, 'rules.zip'))).toMatchObject({
      added: 1,
      failed: [
        {
          file: expect.stringContaining('rules.zip!set/inner.zip'),
          reason: expect.stringContaining('archive'),
        },
      ],
    })
  })

  test('nothing that can be added fails, and says what was expected', async () => {
    const none = await skein('rules', 'add', join(folder, 'events.jsonl'))
    expect(none.exitCode).toBe(EXIT.badInput)
    await mkdir(join(folder, 'empty'), { recursive: true })
    const empty = await skein('rules', 'add', join(folder, 'empty'))
    expect([empty.exitCode, empty.err]).toEqual([EXIT.badInput, expect.stringContaining('.yml')])
    const missing = await skein('rules', 'add', join(folder, 'nowhere'))
    expect(missing.exitCode).toBe(EXIT.notFound)
  })

  test('rules are listed, shown, disabled, enabled and removed', async () => {
    const rules = await json<readonly ApiRule[]>('rules', 'list', '--text', 'net run')
    expect(rules).toMatchObject([{ id: OTHER_ID, title: 'Net Run', isEnabled: true, owner: 'admin' }])
    expect((await skein('rules', 'show', ID)).out).toContain('title: Whoami Run')
    await skein('rules', 'disable', OTHER_ID)
    expect(await json('rules', 'list', '--disabled')).toMatchObject([{ id: OTHER_ID }])
    const addAgain = async (): Promise<string> => (await skein('rules', 'add', join(folder, 'rules.zip'))).out
    expect(await addAgain()).toContain(
      '0 added, 0 updated, 1 unchanged, 1 not taken; 1 stay disabled (skein rules enable ID...)',
    )
    expect((await skein('rules', 'enable', OTHER_ID)).out).toContain('enabled: Net Run')
    expect((await skein('rules', 'remove', OTHER_ID)).exitCode).toBe(0)
    expect(await addAgain()).toContain(
      '0 added, 0 updated, 1 brought back that had been removed, 0 unchanged, 1 not taken\n',
    )
    expect((await skein('rules', 'remove', OTHER_ID)).exitCode).toBe(0)
    for (const action of ['show', 'enable', 'disable', 'remove']) {
      const run = await skein('rules', action, OTHER_ID)
      expect([run.exitCode, run.err]).toEqual([EXIT.notFound, expect.stringContaining(OTHER_ID)])
    }
    expect((await skein('rules', 'sort')).exitCode).toBe(EXIT.usage)
    expect((await skein('rules', 'list', '--enabled', '--disabled')).exitCode).toBe(EXIT.usage)
  })

  test('what is imported is looked at, and what was found told', async () => {
    const run = await skein('import', join(folder, 'events.jsonl'), '--sketch', 'case')
    expect(run.exitCode, run.err).toBe(0)
    expect(run.out).toContain('1 rule found 2 events: 1 alert, 0 incidents')
  })

  test('a run gives an account of every rule, and doubles nothing', async () => {
    const report = await json<ApiDetectionReport>('detect', '--sketch', 'case')
    expect(report).toMatchObject({
      events: 3,
      hits: 2,
      matched: [{ id: ID, title: 'Whoami Run', level: 'high', hits: 2 }],
      alerts: { created: 0, unchanged: 1 },
    })
    const unmatched = Object.values(report.unmatched).reduce((sum, count) => sum + count, 0)
    expect(report.matched.length + unmatched + report.unsupported.length).toBe(report.rules)
    const { out } = await skein('detect', '--sketch', 'case')
    expect(out).toContain('1 matched, 2 hits in 2 events')
    expect((await skein('count', 'tag:"Whoami Run"', '--sketch', 'case')).out.trim()).toContain('2')
  })

  test('rules of files run instead; a layer for the ATT&CK Navigator is written', async () => {
    const layer = join(folder, `layer-${kind === 'server' ? 1 : 2}.json`)
    const rules = [join(folder, 'rules', 'a.yml'), join(folder, 'rules', 'deeper', 'broken.yaml')]
    const report = await json<ApiDetectionReport>(
      'detect',
      '--sketch',
      'case',
      '--timeline',
      'events',
      '--dry-run',
      '--layer',
      layer,
      '--rules',
      ...rules,
    )
    expect(report).toMatchObject({ mode: 'dry-run', rules: 2, matched: [{ id: ID }] })
    expect(report.unsupported).toMatchObject([{ code: 'bad-yaml' }])
    expect(JSON.parse(await readFile(layer, 'utf8'))).toMatchObject({
      domain: 'enterprise-attack',
      techniques: [{ techniqueID: 'T1033' }],
    })
    const nowhere = await skein(
      'detect',
      '--sketch',
      'case',
      '--layer',
      join(folder, 'nowhere', 'layer.json'),
    )
    expect([nowhere.exitCode, nowhere.err]).toEqual([
      EXIT.cannotWrite,
      expect.stringContaining('cannot write'),
    ])
    expect((await skein('detect', '--sketch', 'case', 'a.yml')).exitCode).toBe(EXIT.usage)
    expect((await skein('detect', '--sketch', 'nowhere')).exitCode).toBe(EXIT.notFound)
    const wrong = await skein('detect', '--sketch', 'case', '--timeline', 'nowhere')
    expect([wrong.exitCode, wrong.err]).not.toEqual([0, ''])
  })

  test('rules none of which can be run are accounted for, and end the command with an error', async () => {
    const run = await skein(
      'detect',
      '--sketch',
      'case',
      '--json',
      '--rules',
      join(folder, 'rules', 'deeper', 'broken.yaml'),
    )
    expect([run.exitCode, run.err]).toEqual([
      EXIT.badInput,
      expect.stringContaining('none of the rules given with --rules can be run (1 found)'),
    ])
    expect(JSON.parse(run.out)).toMatchObject({ rules: 1, unsupported: [{ code: 'bad-yaml' }] })
  })

  test('two rules with one id are told, and both run', async () => {
    const rules = [join(folder, 'rules', 'a.yml'), join(folder, 'rules', 'deeper', 'twin.yml')]
    const run = await skein('detect', '--sketch', 'case', '--dry-run', '--rules', ...rules)
    expect(run.out).toMatch(/warnings about rules: 1\n.*twin\.yml.*found that of "Whoami Run"/)
    expect(run.out).toContain('2 rules over')
  })

  test('alerts are listed, shown, assigned, commented on, closed and reopened', async () => {
    const [alert] = await json<readonly ApiAlert[]>('alert', 'list', '--sketch', 'case', '--severity', '70')
    expect(alert).toMatchObject({ title: 'Whoami Run', count: 2, host: 'ws-1', rule: ID, status: 'open' })
    const id = String(alert!.id)
    expect((await skein('alert', 'show', alert!.uid)).out).toContain('events: 2')
    expect(await json('alert', 'assign', 'admin', id)).toMatchObject({ assignee: 'admin' })
    expect(await json('alert', 'comment', id, '-m', 'looks bad')).toMatchObject({
      comments: [{ user: 'admin', text: 'looks bad' }],
    })
    const closed = await skein('alert', 'close', id, '--resolution', 'confirmed', '--reason', 'real')
    expect(closed.out).toContain('closed, assigned to admin')
    expect(await json('alert', 'list', '--status', 'closed')).toMatchObject([
      { id: alert!.id, resolution: 'confirmed', reason: 'real', closedBy: 'admin' },
    ])
    expect(await json('alert', 'list', '--status', 'open')).toEqual([])
    expect(await json('alert', 'reopen', id)).toMatchObject({ status: 'open' })
    expect(await json('alert', 'status', 'acknowledged', id)).toMatchObject({ status: 'acknowledged' })
    expect((await skein('alert', 'show', id)).out).toContain('admin  comment')
  })

  test('what an alert is asked wrongly is said', async () => {
    for (const [exit, ...args] of [
      [EXIT.notFound, 'alert', 'show', '999999'],
      [EXIT.notFound, 'alert', 'close', 'not-an-id'],
      [EXIT.usage, 'alert', 'list', '--status', 'shut'],
      [EXIT.usage, 'alert', 'close', '1', '--resolution', 'done'],
      [EXIT.usage, 'alert', 'status', 'shut', '1'],
      [EXIT.usage, 'alert', 'comment', '1'],
      [EXIT.usage, 'alert', 'shut', '1'],
      [EXIT.usage, 'incident', 'close'],
      [EXIT.notFound, 'incident', 'show', '1234567'],
      [EXIT.notFound, 'alert', 'assign', 'nobody-there', '1'],
    ] as const) {
      const run = await skein(...args)
      expect([args.join(' '), run.exitCode]).toEqual([args.join(' '), exit])
      expect(run.err).not.toBe('')
    }
  })

  test('incidents are made of alerts of one host, and closed with them', async () => {
    await writeFile(join(folder, 'more.yml'), writeRule(OTHER_ID, 'Groups Asked', '/groups'))
    await skein('rules', 'add', join(folder, 'more.yml'))
    expect(await json('detect', '--sketch', 'case')).toMatchObject({ incidents: { created: 1 } })
    const [incident] = await json<readonly { id: number; alerts: number; title: string }[]>(
      'incident',
      'list',
    )
    expect(incident).toMatchObject({ alerts: 2, title: 'Whoami Run and 1 more on ws-1' })
    const { out } = await skein('incident', 'show', String(incident!.id))
    expect(out).toMatch(/Whoami Run .*\n.*Groups Asked/)
    await skein('incident', 'close', String(incident!.id), '--resolution', 'false-positive')
    expect(await json('alert', 'list', '--status', 'closed')).toHaveLength(2)
    expect(await json('detect', '--sketch', 'case')).toMatchObject({ incidents: { reopened: 0 } })
    expect((await skein('incident', 'reopen', String(incident!.id))).out).toContain('open')
  })

  test('of several ids all are changed or none, and every wrong one is told', async () => {
    const before = await json<readonly ApiRule[]>('rules', 'list', '--disabled')
    for (const args of [
      ['rules', 'disable', ID, 'no-such-rule', OTHER_ID, 'nor-this'],
      ['rules', 'remove', ID, 'no-such-rule', OTHER_ID, 'nor-this'],
    ]) {
      const run = await skein(...args)
      expect([run.exitCode, run.err]).toEqual([EXIT.notFound, expect.stringContaining('Nothing was changed')])
      expect(run.err).toContain('no-such-rule')
      expect(run.err).toContain('nor-this')
    }
    expect(await json('rules', 'list', '--disabled')).toEqual(before)
    const [alert] = await json<readonly ApiAlert[]>('alert', 'list')
    const wrong = await skein('alert', 'status', 'waiting', String(alert!.id), '999999')
    expect([wrong.exitCode, wrong.err]).toEqual([
      EXIT.notFound,
      expect.stringContaining('Nothing was changed'),
    ])
    expect(await json('alert', 'show', String(alert!.id))).toMatchObject({ status: alert!.status })
  })

  test('a policy is made, changed, run and deleted', async () => {
    const made = await json<ApiPolicy>('policy', 'create', 'loud', '--rule', ID, '--description', 'too loud')
    expect(made).toMatchObject({ name: 'loud', description: 'too loud', rules: [ID] })
    expect((await skein('policy', 'list')).out).toMatch(/1 +loud +too loud/)
    expect(await json('detect', '-s', 'case', '--policy', 'loud', '--dry-run')).toMatchObject({ rules: 1 })
    expect(await json('policy', 'change', 'loud', '--add', OTHER_ID, '--name', 'louder')).toMatchObject({
      name: 'louder',
      rules: [ID, OTHER_ID],
    })
    expect(await json('policy', 'change', made.id, '--drop', ID)).toMatchObject({ rules: [OTHER_ID] })
    for (const [exit, ...args] of [
      [EXIT.notFound, 'policy', 'show', 'loud'],
      [EXIT.notFound, 'policy', 'change', 'louder', '--drop', ID],
      [EXIT.notFound, 'policy', 'change', 'louder', '--add', 'no-such-rule'],
      [EXIT.usage, 'policy', 'change', 'louder'],
      [EXIT.usage, 'policy', 'create'],
      [EXIT.badInput, 'policy', 'create', 'louder'],
      [EXIT.notFound, 'detect', '-s', 'case', '--policy', 'loud'],
      [EXIT.usage, 'detect', '-s', 'case', '--policy', 'louder', '--rules', folder],
    ] as const) {
      const run = await skein(...args)
      expect([args.join(' '), run.exitCode]).toEqual([args.join(' '), exit])
    }
    expect((await skein('policy', 'delete', 'louder')).out).toContain('deleted: louder')
    expect(await json('policy', 'list')).toEqual([])
  })

  test('a suppression is added, listed and removed', async () => {
    const args = ['--rule', ID, '--host', 'WS-1', '--until', '2999-01-01', '--reason', 'ours']
    const made = await json<ApiSuppression>('suppression', 'add', '-s', 'case', ...args)
    expect(made).toMatchObject({ rule: ID, host: 'ws-1', until: '2999-01-01T00:00:00.000Z', reason: 'ours' })
    expect((await skein('suppression', 'list', '-s', 'case')).out).toContain(made.id)
    for (const [exit, ...wrong] of [
      [EXIT.usage, 'suppression', 'add', '--rule', ID],
      [EXIT.usage, 'suppression', 'add', '--rule', ID, '--reason', 'x', '--until', 'tomorrow'],
      [EXIT.badInput, 'suppression', 'add', '--reason', 'x'],
      [EXIT.notFound, 'suppression', 'remove', 'no-such-one'],
    ] as const) {
      const run = await skein(...wrong)
      expect([wrong.join(' '), run.exitCode]).toEqual([wrong.join(' '), exit])
    }
    await skein('suppression', 'remove', made.id)
    expect(await json('suppression', 'list')).toEqual([])
  })

  test('looking at events as they come is turned off and on', async () => {
    expect((await skein('detect', '-s', 'case', '--live', 'off')).out).toContain('are not looked at')
    expect(await json('detect', '-s', 'case', '--live', 'show')).toMatchObject({ live: false })
    expect(await json('detect', '-s', 'case', '--live', 'on')).toMatchObject({ live: true })
    expect((await skein('detect', '-s', 'case', '--live', 'on', '--dry-run')).exitCode).toBe(EXIT.usage)
  })

  test('a rule that only a correlation reports is told apart', async () => {
    const file = join(folder, 'together.yml')
    const rules = `${writeRule('abababab-0000-4000-8000-000000000003', 'Base', 'whoami')}name: base
---
title: Twice
id: abababab-0000-4000-8000-000000000004
correlation: {type: event_count, rules: [base], group-by: [Computer], timespan: 1d, condition: {gte: 2}}
`
    await writeFile(file, rules)
    const report = await json<ApiDetectionReport>('detect', '-s', 'case', '--rules', file, '--dry-run')
    expect(report.hits).toBe(1)
    expect(report.matched.map(({ title, isReported }) => [title, isReported])).toEqual(
      expect.arrayContaining([
        ['Base', false],
        ['Twice', true],
      ]),
    )
    const { out } = await skein('detect', '-s', 'case', '--rules', file, '--dry-run')
    expect(out).toContain('1 matched, 1 hit')
    expect(out).toContain('1 rule found events for correlations only')
  })
})
