import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { askFor, importRows } from '../../../../contract/ask-helpers.ts'
import type { WordQuestion } from '../../../../value-reading.ts'
import { openDuckDbStore } from '../../open-store.ts'

const QUESTIONS = 15_000

it('lets others have their turns while it reads very many questions, and ends when it is told to', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'timeskein-words-'))
  let read = 0
  const questions = Array.from(
    { length: QUESTIONS },
    (_, number): WordQuestion => ({
      kind: 'wildcard',
      field: undefined,
      get pattern() {
        read = number + 1
        return `*word${number}x*`
      },
      whole: true,
      caseInsensitive: true,
      anyType: true,
    }),
  )
  {
    await using store = await openDuckDbStore({ directory })
    await importRows(store, { rows: [{ message: 'a word123x here' }, { message: 'none' }] })
    await using reading = await store.readValues(askFor({ kind: 'all' }).scope)
    const [index] = reading.indexes
    const abort = new AbortController()
    setImmediate(() => abort.abort(new Error('enough')))
    await expect(index!.wordBoundsOf(questions, abort.signal)).rejects.toThrow('enough')
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(QUESTIONS)
    const bounds = await index!.wordBoundsOf(questions)
    expect(bounds[123]?.high.count).toBe(1)
    expect(bounds.filter((one) => one?.high.count !== 0)).toHaveLength(1)
  }
  await rm(directory, { recursive: true })
})
