import { getHeapSpaceStatistics } from 'node:v8'
import { expect, it, vi } from 'vitest'
import { boundYoungGeneration } from './bound-young-generation.ts'

const flags = vi.hoisted(() => [] as string[])
vi.mock('node:v8', () => ({
  getHeapSpaceStatistics: vi.fn(() => [{ space_name: 'new_space', space_size: 16 }]),
  setFlagsFromString: (flag: string) => flags.push(flag),
}))

it('lets V8 make room up to a bound, holds it there, and lets it go on when it is disposed of', () => {
  vi.useFakeTimers()
  try {
    {
      using _bound = boundYoungGeneration(32)
      vi.advanceTimersByTime(100)
      expect(flags).toEqual([])
      vi.mocked(getHeapSpaceStatistics).mockReturnValue([
        { space_name: 'new_space', space_size: 32 },
      ] as ReturnType<typeof getHeapSpaceStatistics>)
      vi.advanceTimersByTime(100)
      expect(flags).toEqual(['--semi-space-growth-factor=1'])
    }
    expect(flags.at(-1)).toBe('--semi-space-growth-factor=2')
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

it('changes nothing where the bound was never reached', () => {
  flags.length = 0
  {
    using _bound = boundYoungGeneration(Number.POSITIVE_INFINITY)
  }
  expect(flags).toEqual([])
})
