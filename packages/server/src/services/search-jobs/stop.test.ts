import { rm } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { createLogger } from '../../log.ts'
import { openSystem } from '../../open-system.ts'
import type { System } from '../../system.ts'
import { makeTemporaryDirectory } from '../../testing/temporary-system.ts'
import type { SearchJobDraft } from './search-job-service.ts'

const DRAFT: SearchJobDraft = {
  term: '*',
  language: 'dork',
  filters: [],
  earliestUs: 0n,
  latestUs: 4_000_000_000_000_000n,
  maxEvents: undefined,
  isOfOrganisation: true,
  isOnlyKept: false,
  isVisible: true,
  isLenient: false,
  details: {},
}

it('ends what is under way before the store and the database close, and the next start tells of it', async () => {
  const directory = await makeTemporaryDirectory()
  const errors: unknown[] = []
  const open = (): Promise<System> =>
    openSystem({
      dataDirectory: directory,
      starterRules: false,
      logger: createLogger({ level: 'error', destination: { write: (line) => void errors.push(line) } }),
    })
  try {
    const first = await open()
    const admin = await first.services.auth.localPrincipal('admin')
    const jobs = await Promise.all([1, 2, 3].map(() => first.services.searchJobs.create(admin, DRAFT)))
    await first.close({ deadlineMs: 0 })
    expect(errors).toEqual([])

    const second = await open()
    const principal = await second.services.auth.localPrincipal('admin')
    // One that was quick enough is done.
    for (const { uid } of jobs)
      expect(['done', 'failed']).toContain((await second.services.searchJobs.get(principal, uid)).status)
    await second.close()
    expect(errors).toEqual([])
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})

it('takes no job once it stops, and waits for those that were being made', async () => {
  const errors: unknown[] = []
  const directory = await makeTemporaryDirectory()
  try {
    const system = await openSystem({
      dataDirectory: directory,
      starterRules: false,
      logger: createLogger({ level: 'error', destination: { write: (line) => void errors.push(line) } }),
    })
    const admin = await system.services.auth.localPrincipal('admin')
    const { searchJobs } = system.services
    const made = Promise.allSettled([1, 2, 3].map(async () => await searchJobs.create(admin, DRAFT)))
    await system.close({ deadlineMs: 0 })
    await expect(searchJobs.create(admin, DRAFT)).rejects.toMatchObject({ code: 'stopping' })
    expect(await made).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { status: 'fulfilled' },
    ])
    expect(errors).toEqual([])
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
})
