import { mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PlanFolder } from './plan-folder.ts'

let folder: string
const warnings: string[] = []
const log = pino({ level: 'warn' }, { write: (line) => warnings.push(line) })
const bytes = Uint8Array.of(1, 2, 3)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-plans-'))
  warnings.length = 0
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function makeFile(name: string, ageMs: number): Promise<void> {
  await writeFile(join(folder, name), bytes)
  const at = (Date.now() - ageMs) / 1000
  await utimes(join(folder, name), at, at)
}

it('keeps the plans that were made last, and drafts that may still be written', async () => {
  for (let age = 1; age <= 7; age++) await makeFile(`old-${age}.plan`, age * 60_000)
  await makeFile('old-1.plan.draft', 60_000)
  await makeFile('old-2.plan.draft', 2 * 3_600_000)
  const plans = new PlanFolder(folder, log)
  await plans.write('new', bytes)
  expect((await readdir(folder)).sort()).toEqual(
    ['new.plan', 'old-1.plan', 'old-1.plan.draft', ...[2, 3, 4, 5].map((age) => `old-${age}.plan`)].sort(),
  )
  expect(await plans.read('new')).toEqual(Buffer.from(bytes))
  expect(await plans.read('old-7')).toBeUndefined()
  expect(warnings).toEqual([])
})

it('minds no file that is gone before it was looked at', async () => {
  await symlink(join(folder, 'gone'), join(folder, 'x.plan.draft'))
  await new PlanFolder(folder, log).write('new', bytes)
  expect(warnings).toEqual([])
})
