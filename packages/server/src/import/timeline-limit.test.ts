import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { makeTriageArchive } from '../testing/make-triage-archive.ts'
import { openTemporarySystem } from '../testing/temporary-system.ts'

vi.mock('./limits.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  MAX_IMPORT_TIMELINES: 1,
}))

it('an import that is kept apart by source makes so many timelines, and says which files went to its own', async () => {
  await using temporary = await openTemporarySystem()
  const { sketches, imports, timelines } = temporary.system.services
  const sketch = await sketches.create(temporary.admin, { name: 'case' })
  const path = join(temporary.directory, 'case.zip')
  await writeFile(path, await makeTriageArchive())
  const started = await imports.start(temporary.admin, {
    sketchId: sketch.id,
    timeline: { name: 'evidence' },
    inputs: [{ path }],
    bySource: true,
  })
  const job = await started.ended
  expect(job.files.map((file) => [file.timeline?.name, file.remarks?.join() ?? ''])).toEqual([
    ['case csv', expect.not.stringContaining('MAX_IMPORT_TIMELINES')],
    ['case csv', expect.not.stringContaining('MAX_IMPORT_TIMELINES')],
    [
      undefined,
      expect.stringMatching(/^It is in the import's own timeline and not in "case jsonl", .*at most 1 /),
    ],
  ])
  const listed = await timelines.list(temporary.admin, sketch.id)
  expect(listed.map(({ name, status }) => [name, status])).toEqual([
    ['evidence', 'ready'],
    ['case csv', 'ready'],
  ])
})
