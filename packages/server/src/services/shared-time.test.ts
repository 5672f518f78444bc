import { expect, test, vi } from 'vitest'
import { SharedTime } from './shared-time.ts'

test('others get their turn when work has gone on for long, and an abort ends it', async () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0)
  try {
    const time = new SharedTime()
    let isOthersTurn = false
    setImmediate(() => {
      isOthersTurn = true
    })
    await time.share()
    expect(isOthersTurn).toBe(false)
    now.mockReturnValue(100)
    await time.share()
    expect(isOthersTurn).toBe(true)
    await expect(time.share(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  } finally {
    now.mockRestore()
  }
})
