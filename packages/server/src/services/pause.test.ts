import { expect, test } from 'vitest'
import { pause } from './pause.ts'

const LONG_MS = 2_000_000_000

test('a wait ends with its time, and with its signal whenever that aborts', async () => {
  await pause(1, new AbortController().signal)
  const stop = new AbortController()
  const waiting = pause(LONG_MS, stop.signal)
  stop.abort()
  await waiting
  await expect(pause(LONG_MS, stop.signal)).resolves.toBeUndefined()
})
