import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'
import { ConfigFolder } from './config-folder.ts'

let directory: string
let said: string[]
let config: ConfigFolder

beforeEach(async () => {
  directory = await makeTemporaryDirectory()
  said = []
  config = new ConfigFolder(directory, pino({}, { write: (line) => void said.push(line) }))
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(directory, path, '..'), { recursive: true })
  await writeFile(join(directory, path), text)
}

it('reads files of a folder and the folders in it, by path; other files are not looked at', async () => {
  await write('dfiq/b/two.yml', 'n: 2')
  await write('dfiq/a.yaml', 'n: 1')
  await write('dfiq/README.md', 'n: 3')
  expect(await config.readFolder('dfiq')).toEqual([
    { path: join('dfiq', 'a.yaml'), value: { n: 1 } },
    { path: join('dfiq', 'b', 'two.yml'), value: { n: 2 } },
  ])
})

it('has nothing to say where nothing is', async () => {
  expect(await config.readFolder('dfiq')).toEqual([])
  expect(await config.readFile('data_finder.yaml')).toBeUndefined()
  expect(said).toEqual([])
})

it('gives the same answer while a file is as it was, and another when it has changed', async () => {
  await write('x.yaml', 'n: 1')
  const first = await config.readFile('x.yaml')
  expect(await config.readFile('x.yaml')).toBe(first)
  await write('x.yaml', 'n: 22')
  expect(await config.readFile('x.yaml')).toEqual({ path: 'x.yaml', value: { n: 22 } })
})

it.each([
  ['what is no YAML', 'a: [1\nb: 2', '"line":2'],
  [
    'names that stand for names that stand for names, to fill the memory',
    `a: &a [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, n) => {
      const [before, own] = [String.fromCharCode(97 + n), String.fromCharCode(98 + n)]
      return `${own}: &${own} [${Array.from({ length: 10 }, () => `*${before}`).join(',')}]`
    }).join('\n')}`,
    'alias',
  ],
  ['a file that is too long', `x: ${'y'.repeat(10_485_760)}`, 'longer than'],
])('leaves out %s and says why, once', async (_what, text, reason) => {
  await write('x.yaml', text)
  expect(await config.readFile('x.yaml')).toBeUndefined()
  expect(await config.readFile('x.yaml')).toBeUndefined()
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(reason)
})
