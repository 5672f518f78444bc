import { expect, test } from 'vitest'
import type { Effects } from '../effects.ts'
import { createProgressDrawer } from './progress.ts'

function draw(label: string, isTerminal: boolean): string {
  let said = ''
  let now = 0
  const effects: Effects = {
    writeOut: async () => {},
    writeData: async () => {},
    writeError: ({ text }) => {
      said += text
    },
    stdin: (async function* () {})(),
    env: {},
    homeDirectory: '/',
    platform: 'linux',
    isTerminal: { out: false, error: isTerminal },
    columns: 60,
    now: () => now,
    signal: new AbortController().signal,
  }
  const drawer = createProgressDrawer(effects, false)
  now = 10_000
  drawer.update({ label, done: 1e6, total: 4e6, unit: 'bytes' })
  drawer.end()
  return said
}

test('a name in evidence cannot send codes; the bar takes its line and leaves it empty', () => {
  const [before, bar = '', after] = draw('a\u001b]0;pwned\u0007\u001b[2J.csv', true).split('\r\u001b[2K')
  expect([before, after]).toEqual(['', ''])
  expect(bar).toMatch(/^a\\x1b\]0;pwned\\x07\\x1b\[2J\.csv {2}\[######/)
  expect(bar.length).toBeLessThan(60)
})

test('elsewhere than on a terminal it is a plain line, without codes or a bar', () => {
  expect(draw('a\u001b[2J', false)).toBe('a\\x1b[2J, 25 %, 100 kB/s, 30 s left\n')
})
