import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { LNK_FORMAT } from '../lnk/lnk-format.ts'
import { makeLnk } from '../lnk/testing/lnk-writer.ts'
import { readEvidence } from '../pipeline/read-evidence.ts'
import { makeHive } from '../registry/testing/hive-writer.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

it('an artefact that its reader fails of loses its rest, and the other files of a collection nothing', async () => {
  vi.spyOn(LNK_FORMAT, 'read').mockImplementation((_, sink) => {
    sink.keep(1, { message: 'kept', creation_time: '2026-03-01T10:00:00Z' })
    throw new RangeError('Invalid array length')
  })
  const folder = await mkdtemp(join(tmpdir(), 'artefact-'))
  try {
    await writeFile(join(folder, 'a.lnk'), makeLnk({ path: 'C:\\a.txt' }))
    await writeFile(join(folder, 'NTUSER.DAT'), makeHive({ A: {} }))
    const rejects: string[] = []
    const read: number[] = []
    for await (const item of readEvidence({ path: folder })) {
      if (item.kind === 'rejects')
        rejects.push(...item.rejects.map(({ reason, detail }) => `${reason} ${detail}`))
      if (item.kind === 'batch') read.push(item.batch.rowCount)
    }
    expect(rejects).toEqual([expect.stringMatching(/^bad-record .*cannot be read: Invalid array length$/)])
    expect(read.toSorted()).toEqual([1, 2])
  } finally {
    await rm(folder, { recursive: true })
  }
})
