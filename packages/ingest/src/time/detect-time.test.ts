import { describe, expect, it } from 'vitest'
import { detectTimeFormat } from './detect-time.ts'

describe('detectTimeFormat', () => {
  it.each([
    ['iso', ['2020-10-21T15:04:05Z', '', '2020-10-21']],
    ['clf', ['10/Oct/2000:13:55:36 -0700']],
    ['syslog', ['Oct 11 22:14:15', 'Oct 12 22:14:15']],
    ['epoch-s', [1600000000, 1600000001]],
    ['epoch-us', ['1600000000000000']],
    ['filetime', ['132477662451234567']],
    ['webkit', ['13247766245123456']],
    ['ticks', ['637388930451234567', '637388930451234568']],
  ])('names the shape %s', (format, samples) => {
    expect(detectTimeFormat(samples)?.format).toBe(format)
  })

  it('decides the order of day and month by the values that show it', () => {
    expect(detectTimeFormat(['01/02/2020', '13/02/2020'])?.dayFirst).toBe(true)
    expect(detectTimeFormat(['01/02/2020', '02/13/2020'])?.dayFirst).toBe(false)
    expect(detectTimeFormat(['01/02/2020'])?.dayFirst).toBeUndefined()
  })

  it('takes years alone for what the other values are, in any order', () => {
    expect(detectTimeFormat(['2024', '20240301'])?.format).toBe('iso')
    expect(detectTimeFormat(['20240301', '2024'])?.format).toBe('iso')
    expect(detectTimeFormat(['2024', '1700000000', '2025'])?.format).toBe('epoch-s')
    expect(detectTimeFormat(['2024', '2025'])?.format).toBe('epoch-s')
    expect(detectTimeFormat(['2024', '2025'], 'datetime')?.format).toBe('iso')
    expect(detectTimeFormat([2024, 2025], 'datetime')?.format).toBe('epoch-s')
  })

  it('tells the share of times, and nothing when there is none', () => {
    expect(detectTimeFormat(['2020-01-01', 'x', '', null])?.share).toBe(0.5)
    expect(detectTimeFormat(['n/a', '-', 'Never', '0', '133500000000000000', -1])).toMatchObject({
      format: 'filetime',
      share: 1,
    })
    expect(detectTimeFormat(['0', '-1', 'n/a'])).toBeUndefined()
    expect(detectTimeFormat(['x', ''])).toBeUndefined()
  })
})
