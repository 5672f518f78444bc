import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runSkein } from './testing/run-skein.ts'

// Names of sketches, timelines, files, tags and the values of events are evidence, or made by those who want to be read wrongly.

const EVIL = '\u001b]0;pwned\u0007\u001b[2J'
const SHOWN = '\\x1b]0;pwned\\x07\\x1b[2J'

let folder: string
let file: string
let data: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-codes-'))
  file = join(folder, `rows${EVIL}.csv`)
  data = ['--data', join(folder, 'data')]
  await writeFile(file, `datetime,message\n2026-03-01T10:00:00Z,in${EVIL}\nyesterday,out${EVIL}\n`)
  await writeFile(join(folder, `noise${EVIL}.bin`), Buffer.from([0, 1, 2, 3, 250, 251, 0, 0, 7]))
  await runSkein(['sketch', 'create', `case${EVIL}`, '--description', `why${EVIL}\nand how`, ...data])
  await runSkein(['import', file, '-s', '1', '--timeline', `line${EVIL}`, '--quiet', ...data])
  await runSkein(['tag', '--query', '*', '--tag', `tag${EVIL}`, '-s', '1', '--quiet', ...data])
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

test.each<[string, () => readonly string[], string]>([
  ['sketch list', () => ['sketch', 'list'], `case${SHOWN}`],
  ['sketch show', () => ['sketch', 'show', '1'], `why${SHOWN}\nand how\n`],
  ['sketch create', () => ['sketch', 'create', `new${EVIL}`], `new${SHOWN}`],
  ['sketch rename', () => ['sketch', 'rename', '2', `old${EVIL}`], `old${SHOWN}`],
  ['a sketch that is not there', () => ['count', '-s', `x${EVIL}`], `x${SHOWN}`],
  ['timeline list', () => ['timeline', 'list', '-s', '1'], `line${SHOWN}`],
  ['timeline show', () => ['timeline', 'show', `line${EVIL}`, '-s', '1'], `line${SHOWN}`],
  ['a timeline that is not there', () => ['timeline', 'show', `x${EVIL}`, '-s', '1'], `line${SHOWN}`],
  ['search', () => ['search', '*', '-s', '1'], `in${SHOWN}`],
  ['search for a field', () => ['search', '*', '-s', '1', '-f', `message,x${EVIL}`], `x${SHOWN}`],
  ['search --explain', () => ['search', 'message:*\u009b*', '-s', '1', '--explain'], '\\x9b'],
  ['a query that cannot be read', () => ['search', `${EVIL}(`, '-s', '1'], 'never opened'],
  ['top', () => ['top', 'message', '-s', '1'], `in${SHOWN}`],
  ['history', () => ['history', '-s', '1'], 'tag\\x1b]0;pwned\\x07'],
  ['import', () => ['import', file, '-s', '1'], `rows${SHOWN}.csv`],
  ['import --dry-run', () => ['import', file, '-s', '1', '--dry-run'], `rows${SHOWN}.csv`],
  [
    'import of no evidence',
    () => ['import', join(folder, `noise${EVIL}.bin`), '-s', '1'],
    `noise${SHOWN}.bin`,
  ],
  ['import of no file', () => ['import', join(folder, `gone${EVIL}`), '-s', '1'], `gone${SHOWN}`],
  ['export', () => ['export', '-s', '1', '--format', 'csv', '-o', join(folder, `o${EVIL}`)], `o${SHOWN}`],
  ['a verb that is not there', () => [`x${EVIL}`], `x${SHOWN}`],
])('%s shows control codes and sends none', async (_, args, shown) => {
  const verb = args()
  const run = await runSkein(verb[0]?.startsWith('x') ? verb : [...verb, ...data])
  expect(run.out + run.err).toContain(shown)
  expect(run.out + run.err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
})

test('undo shows the codes of a tag', async () => {
  const [operation] = JSON.parse((await runSkein(['history', '-s', '1', '--json', ...data])).out)
  expect((await runSkein(['undo', operation.id, ...data])).out).toContain(
    `taken back: tag tag${SHOWN} on 1 event`,
  )
})

test('data for programs is sent as it is, and shown to a person', async () => {
  const args = ['search', 'in', '-s', '1', '--format', 'csv', '-f', 'message', ...data]
  expect((await runSkein(args)).out).toContain(`in${EVIL}`)
  expect((await runSkein(args, { isTerminal: true })).out).toContain(`in${SHOWN}`)
})
