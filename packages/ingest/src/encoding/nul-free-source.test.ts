import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { type ByteSource, readUpTo } from '../containers/byte-source.ts'
import { NulFreeSource } from './nul-free-source.ts'

/** A source that gives so many bytes at a time. */
function cut(text: string, sizeBytes: number): ByteSource {
  const bytes = Buffer.from(text)
  let at = 0
  return {
    async read(target, offset) {
      const size = bytes.copy(target, offset, at, at + sizeBytes)
      at += size
      return size
    },
  }
}

const NULS = '\0'.repeat(5)

it.each([
  { what: 'at the end of the text', text: `a\nb\n${NULS}`, kept: 'a\nb\n', passed: 5 },
  { what: 'behind a line that a crash cut', text: `a\nhal${NULS}`, kept: 'a\nhal', passed: 5 },
  { what: 'in front of a line', text: `a\n${NULS}b\n`, kept: 'a\nb\n', passed: 5 },
  { what: 'that are a line', text: `a\n${NULS}\nb`, kept: 'a\n\nb', passed: 5 },
  { what: 'at the beginning', text: `${NULS}a`, kept: 'a', passed: 5 },
  { what: 'in a line, which stay', text: `a${NULS}b\0c\n`, kept: `a${NULS}b\0c\n`, passed: 0 },
  { what: 'and nothing else', text: NULS, kept: '', passed: 5 },
  { what: 'of which there are none', text: 'a\nb', kept: 'a\nb', passed: 0 },
])('passes over NULs $what, however the text is cut', async ({ text, kept, passed }) => {
  for (let sizeBytes = 1; sizeBytes <= text.length + 1; sizeBytes++) {
    const source = new NulFreeSource(cut(text, sizeBytes))
    expect((await readUpTo(source, 1000)).toString()).toBe(kept)
    expect(source.passedNuls).toBe(passed)
  }
})

it('holds no more NULs of a line than a text may have', async () => {
  const source = new NulFreeSource(cut(`a${'\0'.repeat(70_000)}b`, 1024))
  expect((await readUpTo(source, 100_000)).toString()).toBe('ab')
  expect(source.passedNuls).toBe(70_000)
})
