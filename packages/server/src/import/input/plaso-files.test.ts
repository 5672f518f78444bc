import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FormatterDefinition } from '@timeskein/ingest'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigFolder } from '../../services/config/config-folder.ts'
import type { ImportReading } from '../import-service.ts'
import { addPlasoFiles } from './plaso-files.ts'

let directory: string
let said: string[]
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'plaso-files-'))
  said = []
})
afterEach(async () => {
  await rm(directory, { recursive: true })
})

async function write(name: string, text: string): Promise<void> {
  await mkdir(join(directory, name, '..'), { recursive: true })
  await writeFile(join(directory, name), text)
}

async function add(reading: ImportReading = {}): Promise<ImportReading> {
  const log = pino({}, { write: (line) => void said.push(line) })
  return await addPlasoFiles(reading, { config: new ConfigFolder(directory, log), log })
}

/** The messages that a data type has, the last of which counts. */
async function findMessages(
  dataType: string,
): Promise<readonly FormatterDefinition['message'][] | undefined> {
  const { formatters } = await add()
  const found = typeof formatters === 'function' ? await formatters() : formatters
  return found?.filter(({ data_type }) => data_type === dataType).map(({ message }) => message)
}

const basic = (dataType: string, message: string): string =>
  `---\ntype: basic\ndata_type: ${dataType}\nmessage: '${message}'\n`

test('a folder of formatters stands in the place of ours', async () => {
  await write('plaso_formatters/a.yaml', basic('mine', 'by the folder'))
  expect(await findMessages('mine')).toEqual(['by the folder'])
  expect(await findMessages('syslog:line')).toEqual([])
})

test('those of a file come behind those of the folder, and behind ours where there is no folder', async () => {
  await write('plaso_formatters.yaml', basic('mine', 'by the file'))
  expect(await findMessages('mine')).toEqual(['by the file'])
  expect(await findMessages('syslog:line')).toHaveLength(1)
  await write('plaso_formatters/a.yaml', basic('mine', 'by the folder'))
  expect(await findMessages('mine')).toEqual(['by the folder', 'by the file'])
  expect(await findMessages('syslog:line')).toEqual([])
})

test('a file that cannot be read is left out, and the log says which and why', async () => {
  await write('plaso_formatters/bad.yaml', 'type: basic\nmessage: x')
  await write('plaso_formatters/good.yaml', basic('mine', 'good'))
  expect(await findMessages('mine')).toEqual(['good'])
  expect(said.join('')).toContain('bad.yaml, formatter 1: expected a data_type')
})

test('without any, formatters are ours; a folder without formatters is told of', async () => {
  expect(await findMessages('mine')).toBeUndefined()
  expect(said).toEqual([])
  await mkdir(join(directory, 'plaso_formatters'))
  expect(await findMessages('mine')).toBeUndefined()
  expect(said.join('')).toContain('expected .yaml files with formatters of Plaso, found none')
})

test('the database of message resources is used where it is; what an import says of its own counts more', async () => {
  expect(await add()).not.toHaveProperty('messageResources')
  await write('winevt-rc.db', '')
  expect((await add()).messageResources).toBe(join(directory, 'winevt-rc.db'))
  expect(await add({ messageResources: '/mine.db', formatters: [] })).toEqual({
    messageResources: '/mine.db',
    formatters: [],
  })
})
