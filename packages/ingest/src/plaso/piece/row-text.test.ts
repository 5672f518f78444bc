import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { makeTextKernel } from '../../batch/text-kernel.ts'
import { RowText } from './row-text.ts'

it.each([
  ['a kernel', makeTextKernel()],
  ['no kernel', undefined],
])('holds rows of any length, with %s', (_, kernel) => {
  const text = new RowText(kernel)
  const long = 'é'.repeat(2_000_000)
  const part = Buffer.from(`<${'y'.repeat(40)}>`)
  for (const middle of ['', long, 'short']) {
    text.begin()
    text.put(Buffer.from('{'))
    text.write(middle)
    text.putPart(part, 1, 41)
    const { size } = text
    text.write('taken back')
    text.cut(size)
    text.putByte(0x7d)
    expect(text.toString()).toBe(`{${middle}${'y'.repeat(40)}}`)
    expect(text.copy().toString()).toBe(text.toString())
  }
})

it('writes whole numbers as they are', () => {
  const text = new RowText(undefined)
  const numbers = [0, 9, 10, 99_999_999, 100_000_000, 1_700_000_000_000_001, Number.MAX_SAFE_INTEGER]
  for (const number of numbers) {
    text.begin()
    text.putInteger(number)
    expect(text.toString()).toBe(String(number))
  }
})
