import { expect, test } from 'vitest'
import type { Effects } from '../effects.ts'
import { wantsColor } from './wants-color.ts'

function ask(noColor: string | undefined, out: boolean): boolean {
  // All that it looks at.
  const effects = { env: { NO_COLOR: noColor }, isTerminal: { out, error: out } } as unknown as Effects
  return wantsColor(effects)
}

test('only a NO_COLOR with something in it turns colours off', () => {
  expect([ask(undefined, true), ask('', true), ask('0', true), ask('1', true)]).toEqual([
    true,
    true,
    false,
    false,
  ])
  expect(ask(undefined, false)).toBe(false)
})
