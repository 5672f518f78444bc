import { Buffer } from 'node:buffer'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { countValues } from '../services/explore/event-aggregations.ts'
import { prepareQuestion } from '../services/explore/read-question.ts'
import { openTemporarySystem, type TemporarySystem } from '../testing/temporary-system.ts'
import type { ImportJob } from './import-service.ts'

const HISTORY = '#1772359200\nwhoami\n'
const HOST_LINE = '0|/etc/passwd|100|r/rrw-r--r--|0|0|100|1772359200|1772359200|1772359200|1772359200\n'

let temporary: TemporarySystem
let sketchId: number
beforeEach(async () => {
  temporary = await openTemporarySystem()
  sketchId = (await temporary.system.services.sketches.create(temporary.admin, { name: 'case' })).id
})
afterEach(async () => {
  await temporary[Symbol.asyncDispose]()
})

/** Imports files as a folder of them, into one timeline. */
async function importFolder(
  folder: string,
  files: Readonly<Record<string, string | Buffer>>,
): Promise<ImportJob> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(temporary.directory, folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, content)
  }
  const { ended } = await temporary.system.services.imports.start(temporary.admin, {
    sketchId,
    timeline: { name: 'evidence' },
    inputs: [{ path: join(temporary.directory, folder) }],
  })
  return await ended
}

function sum({ files }: ImportJob, member: 'read' | 'stored' | 'duplicates'): number {
  return files.reduce((total, file) => total + file[member], 0)
}

async function listValues(field: string): Promise<readonly string[]> {
  const { explore } = temporary.system.services
  const question = prepareQuestion(sketchId, { query: '' })
  const { buckets } = await countValues(explore, temporary.admin, question, field, 10)
  return buckets.map(({ value }) => String(value)).sort()
}

/** An entry of the recycle bin; the deletion is at 2026-03-01T10:00:00Z. */
function makeDeletion(): Buffer {
  const name = Buffer.from('C:\\secret.zip\0', 'utf16le')
  const bytes = Buffer.alloc(28 + name.length)
  bytes.writeUInt32LE(2)
  bytes.writeBigUInt64LE(134_168_328_000_000_000n, 16)
  bytes.writeUInt32LE(14, 24)
  name.copy(bytes, 28)
  return bytes
}

it('what two people have done alike is kept of each, told by the file, and known when it is imported again', async () => {
  const files = {
    'home/ana/.bash_history': HISTORY,
    'home/bob/.bash_history': HISTORY,
    'C/$Recycle.Bin/S-1-5-21-1/$IABCDEF.zip': makeDeletion(),
    'C/$Recycle.Bin/S-1-5-21-2/$IABCDEF.zip': makeDeletion(),
  }
  const job = await importFolder('evidence', files)
  expect([sum(job, 'read'), sum(job, 'stored'), sum(job, 'duplicates')]).toEqual([4, 4, 0])
  expect(await listValues('display_name')).toEqual(Object.keys(files).sort())
  const again = await importFolder('moved', files)
  expect([sum(again, 'stored'), sum(again, 'duplicates')]).toEqual([0, 4])
})

it('what is collected each night into a folder named by the time is known again, and a folder named by a person is not', async () => {
  const counts: (readonly [number, number])[] = []
  for (const top of ['2026-01-01T10', '2026-01-02T10', 'ana', 'bob']) {
    const job = await importFolder(`of-${top}`, { [`${top}/.bash_history`]: HISTORY })
    counts.push([sum(job, 'stored'), sum(job, 'duplicates')])
  }
  expect(counts).toEqual([
    [1, 0],
    [0, 1],
    [1, 0],
    [1, 0],
  ])
  expect(await listValues('display_name')).toEqual([
    '.bash_history',
    'ana/.bash_history',
    'bob/.bash_history',
  ])
})

it.each([
  {
    runtime: 'Kubernetes',
    write: (text: string) => `2026-03-01T10:00:00.123456789Z stdout F ${text}\n`,
    pathOf: (container: string) => `var/log/pods/shop_${container}_1/${container}/0.log`,
    rotated: '.20260302-100000',
  },
  {
    runtime: 'Docker',
    write: (text: string) =>
      `{"log":"${text}\\n","stream":"stdout","time":"2026-03-01T10:00:00.123456789Z"}\n`,
    pathOf: (container: string) => `var/lib/docker/containers/${container}/${container}-json.log`,
    rotated: '.1',
  },
])(
  'lines of $runtime are known again when their log was rotated, and those of two containers are not one',
  async ({ write, pathOf, rotated }) => {
    const early = write('started') + write('asked')
    const first = await importFolder('first', { [pathOf('web')]: early, [pathOf('db')]: early })
    expect([sum(first, 'stored'), sum(first, 'duplicates')]).toEqual([4, 0])
    const second = await importFolder('second', {
      [pathOf('web')]: write('stopped'),
      [`${pathOf('web')}${rotated}`]: early,
      [pathOf('db')]: early + write('stopped'),
    })
    expect([sum(second, 'stored'), sum(second, 'duplicates')]).toEqual([2, 4])
    expect(await listValues('display_name')).toEqual([pathOf('db'), pathOf('web')])
  },
)

it('equal lines of two hosts in one timeline are events of each', async () => {
  const job = await importFolder('hosts', {
    'a/uac.log': '2026-03-01 INF Unix-like Artifacts Collector 3.1.0\n2026-03-01 INF Hostname: hosta\n',
    'a/bodyfile/bodyfile.txt': HOST_LINE,
    'b/uac.log': '2026-03-01 INF Unix-like Artifacts Collector 3.1.0\n2026-03-01 INF Hostname: hostb\n',
    'b/bodyfile/bodyfile.txt': HOST_LINE,
  })
  const bodies = job.files.filter(({ path }) => path.endsWith('bodyfile.txt'))
  expect(bodies.map(({ host, duplicates }) => [host, duplicates])).toEqual([
    ['hosta', 0],
    ['hostb', 0],
  ])
  expect(await listValues('hostname')).toEqual(['hosta', 'hostb'])
})
