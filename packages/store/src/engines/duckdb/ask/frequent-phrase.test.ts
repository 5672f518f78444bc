import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { askFor, importRows } from '../../../contract/ask-helpers.ts'
import { matchesPhrase } from '../../../text/terms/phrase-match.ts'
import { openDuckDbStore } from '../open-store.ts'

const WORDS = ['kilo', 'sink', 'Kilo', 'SINK', 'kılo', 'Kilo', 'two', '7', 'x']
const GAPS = [' ', '  ', ', ', '.', '. ', "'", '_', '-', '\n', '\t', ' (', ') ', '"', 'é', '…', ':', '; ', '']
const ROWS = 9000

test.each([
  ['some of which have two texts, or texts of several lines', GAPS, 40],
  ['each of which has one line', GAPS.filter((gap) => gap !== '\n'), Number.POSITIVE_INFINITY],
])(
  'a phrase that very many rows may hold, %s, is found in just those that hold it',
  async (_, gaps, every) => {
    const directory = await mkdtemp(join(tmpdir(), 'timeskein-phrase-'))
    let state = 7
    const pick = <T>(list: readonly T[]): T => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return list[(state >>> 8) % list.length]!
    }
    const makeText = (): string => {
      let text = ''
      for (let n = 0; n < 7; n++) text += pick(WORDS) + pick(gaps)
      return state % 50 === 0 ? text + ' filler'.repeat(60) : text
    }
    const rows = Array.from({ length: ROWS }, (_, n) => {
      const message = n > 0 && n % every === 0 ? [makeText(), makeText()] : makeText()
      return { n, message }
    })
    {
      await using store = await openDuckDbStore({ directory })
      await importRows(store, { rows })
      for (const words of [
        ['kilo', 'sink'],
        ['sink', 'two', '7'],
        ['7', 'x'],
        ['two', 'two'],
        ['x', 'kilo', 'x'],
      ]) {
        const expected = rows.filter(({ message }) =>
          [message].flat().some((text) => matchesPhrase(text, words, 0, false)),
        )
        const query = { kind: 'phrase', field: 'message', text: words.join(' '), slop: 0 } as const
        expect(await store.count(askFor(query)), words.join(' ')).toBe(expected.length)
        expect(expected.length).toBeGreaterThan(10)
      }
    }
    await rm(directory, { recursive: true })
  },
  60_000,
)
