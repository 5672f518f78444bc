import { expect, test } from 'vitest'
import { loadAllCommands } from './command-table.ts'
import { runSkein } from './testing/run-skein.ts'

const commands = await loadAllCommands()

test.each(commands.map((command) => command.name))('skein %s --help', async (name) => {
  const { exitCode, out } = await runSkein([name, '--help'])
  expect(exitCode).toBe(0)
  expect(out).toMatchSnapshot()
})

test('the overview lists every verb', async () => {
  for (const args of [[], ['--help'], ['help']]) {
    const { exitCode, out } = await runSkein(args)
    expect(exitCode).toBe(0)
    for (const command of commands) expect(out).toContain(`  ${command.name} `)
  }
})

test.each([
  [['bogus'], 'there is no verb "bogus"'],
  [['help', 'bogus'], 'there is no verb "bogus"'],
  [['search', '--nope'], "there is no option '--nope'; a query that begins with - stands after --"],
  [['top', '--nope'], "there is no option '--nope'; a query that begins with - stands after --"],
  [['tag', '--nope'], "there is no option '--nope'. See"],
  [['export', '--nope'], "there is no option '--nope'. See"],
  [['saved-search', '--nope'], "there is no option '--nope'. See"],
  [['serve', '--nope'], "there is no option '--nope'. See: skein serve --help"],
  [['search', 'two', 'words', '-s', 'x'], 'put it in quotes'],
  [['search', 'x'], '--sketch is needed'],
  [['search', 'x', '-s', '1', '--limit', 'many'], '--limit takes a whole number from 0'],
  [['top', 'x', '-s', '1', '--limit', '-1'], 'one that begins with - is joined to it: --limit=-1'],
  [['search', 'x', '-s', '1', '--format', 'xml'], '--format takes table, jsonl, csv, arrow'],
  [['import'], 'a file is expected'],
  [['import', 'package.json', '-s', 'x', '--map', 'nonsense'], '--map takes pairs'],
  [
    ['export', '-s', 'x', '--format', 'parquet', '--out', '-'],
    'Parquet cannot be written to standard output',
  ],
  [['serve', '--port', '99999'], '--port takes a number up to 65535'],
  [['sketch'], 'list, create, show, rename or delete is expected'],
  [['tag', '-s', 'x', '-t', 'y'], 'event ids or --query is expected'],
  [['tag', 'id', '-s', 'x'], '--tag is needed'],
  [['completion', 'tcsh'], 'bash, zsh or fish is expected'],
])('%j is refused with the code for usage', async (args, sentence) => {
  const { exitCode, out, err } = await runSkein(args, {
    env: { SKEIN_DATA: '/dev/null/never-opened' },
  })
  expect(err).toContain(sentence)
  expect(exitCode).toBe(2)
  expect(out).toBe('')
})

test('completion scripts name every verb and its options', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { exitCode, out } = await runSkein(['completion', shell])
    expect(exitCode).toBe(0)
    for (const command of commands) expect(out).toContain(command.name)
    expect(out).toContain('day-first')
  }
})
