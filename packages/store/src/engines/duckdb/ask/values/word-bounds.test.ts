import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { askFor, importRows } from '../../../../contract/ask-helpers.ts'
import type { WordQuestion } from '../../../../value-reading.ts'
import { IndexFile } from '../../index-file.ts'
import { openDuckDbStore } from '../../open-store.ts'
import { Turns } from '../turns.ts'

const QUESTIONS = 200

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'timeskein-words-'))
  // A turn is over at every step, however fast the machine is.
  vi.spyOn(Turns.prototype, 'isDue', 'get').mockReturnValue(true)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(directory, { recursive: true })
})

/** @param onRead - Told of each question that is looked at. */
function makeQuestions(onRead: (number: number) => void = () => {}): readonly WordQuestion[] {
  return Array.from({ length: QUESTIONS }, (_, number) => ({
    kind: 'wildcard',
    field: undefined,
    get pattern() {
      onRead(number)
      return `*word${number}x*`
    },
    whole: true,
    caseInsensitive: true,
    anyType: true,
  }))
}

it('finds the rows of very many questions, and ends where it is told to', async () => {
  await using store = await openDuckDbStore({ directory })
  await importRows(store, { rows: [{ message: 'a word123x here' }, { message: 'none' }] })
  await using reading = await store.readValues(askFor({ kind: 'all' }).scope)
  const index = reading.indexes[0]!
  const bounds = await index.wordBoundsOf(makeQuestions())
  expect(bounds[123]?.high.count).toBe(1)
  expect(bounds.filter((one) => one?.high.count !== 0)).toHaveLength(1)
  const abort = new AbortController()
  let last = 0
  const questions = makeQuestions((number) => {
    last = number
    if (number === 100) abort.abort(new Error('enough'))
  })
  await expect(index.wordBoundsOf(questions, abort.signal)).rejects.toThrow('enough')
  expect(last).toBe(100)
})

it('reads once which rows have texts too long for columns, whoever asks for it', async () => {
  await using store = await openDuckDbStore({ directory })
  const long = `${'x '.repeat(300)}word`
  await importRows(store, { rows: [{ note: long, path: long }, { note: 'word' }] })
  await using reading = await store.readValues(askFor({ kind: 'all' }).scope)
  const [index] = reading.indexes
  const query = vi.spyOn(IndexFile.prototype, 'query')
  const about = (field: string): WordQuestion => ({
    kind: 'wildcard',
    field,
    pattern: '*word*',
    whole: true,
    caseInsensitive: true,
  })
  const bounds = await index!.wordBoundsOf([about('note'), about('path')])
  expect(bounds.map((one) => one && [...one.high])).toEqual([[0], [0]])
  expect([...(await index!.rowsOfLongTexts('note', { start: 0, end: 2 }))]).toEqual([0])
  expect(query.mock.calls.filter(([sql]) => sql.includes("kind = 'l'"))).toHaveLength(1)
})

it('lets others have their turns at every question, at each step of making ready, and at every question to every segment', async () => {
  await using store = await openDuckDbStore({ directory })
  for (const message of ['one', 'two']) await importRows(store, { rows: [{ message }] })
  await using reading = await store.readValues(askFor({ kind: 'all' }).scope)
  const giveWay = vi.spyOn(Turns.prototype, 'giveWay')
  const countTurns = async (from: number): Promise<number> => {
    giveWay.mockClear()
    await reading.indexes[0]!.wordBoundsOf(makeQuestions(), undefined, from)
    return giveWay.mock.calls.length
  }
  const [both, one, none] = [await countTurns(0), await countTurns(1), await countTurns(2)]
  // Of each segment its words are chosen, then for each question its fields and its rows.
  expect(both - one).toBe(1 + 2 * QUESTIONS)
  expect(one - none).toBe(1 + 2 * QUESTIONS)
  expect(none).toBeGreaterThan(QUESTIONS)
})
