import { expect, it, vi } from 'vitest'
import { readArtefact } from '../artefacts/testing/read-artefact.ts'
import { makeMft, type TestEntry } from './testing/mft-writer.ts'

vi.mock('./limits.ts', async (importOriginal) => ({ ...(await importOriginal<object>()), MAX_FOLDERS: 2 }))

const T = 134_168_328_000_000_000n

function makeEntry(number: number, name: string, parent: number, isFolder: boolean): TestEntry {
  const parentSequence = parent === 5 ? 5 : 1
  return {
    number,
    ...(number === 5 ? { sequence: 5 } : { sequence: 1 }),
    isFolder,
    names: [{ name, parent, parentSequence }],
    times: [T, T, T, T],
  }
}

it('a $MFT with more folders than are kept says how many, and has what is in them without a path', async () => {
  const { events, remarks } = await readArtefact(
    makeMft([
      makeEntry(5, '.', 5, true),
      makeEntry(40, 'kept', 5, true),
      makeEntry(41, 'lost', 5, true),
      makeEntry(42, 'a', 40, false),
      makeEntry(43, 'b', 41, false),
    ]),
  )
  const messages = events.map((event) => String(event['message']))
  expect(messages).toContain('\\kept\\a [$FILE_NAME]')
  expect(messages).toContain('\\$Orphan\\b [$FILE_NAME]')
  expect(remarks.join()).toMatch(/The names of 1 folders were not kept, .*more than 2 \(MAX_FOLDERS\)/)
})
