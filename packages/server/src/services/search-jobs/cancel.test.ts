import { expect, it, vi } from 'vitest'
import { openTemporarySystem } from '../../testing/temporary-system.ts'
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

it('searches nothing for a job that is cancelled as soon as it is listed, before it has begun', async () => {
  await using place = await openTemporarySystem()
  const { searchJobs, audit, store } = place.system.services
  const search = vi.spyOn(store, 'search')
  // Of a job that is written down already, nothing has begun while this is awaited.
  const note = audit.note
  vi.spyOn(audit, 'note').mockImplementationOnce(async (...entry) => {
    const { items } = await searchJobs.list(place.admin, { limit: 10, offset: 0 })
    for (const { uid } of items) await searchJobs.cancel(place.admin, uid)
    await note(...entry)
  })
  const { uid } = await searchJobs.create(place.admin, DRAFT)
  await searchJobs.stop()
  expect(await searchJobs.get(place.admin, uid)).toMatchObject({
    status: 'cancelled',
    startedAtMs: undefined,
  })
  expect(search).not.toHaveBeenCalled()
})
