import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { type ByteSource, readUpTo } from '../containers/byte-source.ts'
import { MAX_NULS_LOOKED_AT, NulSifter } from './nul-sifter.ts'

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

const nuls = (count: number): string => '\0'.repeat(count)

it.each([
  { what: 'at the end of the text', text: `a\nb\n${nuls(16)}`, kept: 'a\nb\n', passed: 16 },
  { what: 'that are the last line, be they few', text: `a\nb\n\0`, kept: 'a\nb\n', passed: 1 },
  { what: 'behind a line that a crash cut', text: `a\nhal${nuls(16)}`, kept: 'a\nhal', passed: 16 },
  { what: 'behind a line', text: `a${nuls(16)}\r\nb`, kept: 'a\r\nb', passed: 16 },
  { what: 'in front of a line', text: `a\n${nuls(20)}b\n`, kept: 'a\nb\n', passed: 20 },
  { what: 'that are a line', text: `a\n${nuls(20)}\nb`, kept: 'a\n\nb', passed: 20 },
  { what: 'at the beginning', text: `${nuls(20)}a`, kept: 'a', passed: 20 },
  { what: 'in a line, where it is parted', text: `a${nuls(512)}b\0c\n`, kept: 'a\nb\0c\n', passed: 512 },
  { what: 'and nothing else', text: nuls(5), kept: '', passed: 5 },
])('passes over long runs of NULs $what, however the text is cut', async ({ text, kept, passed }) => {
  for (let sizeBytes = 1; sizeBytes <= text.length + 1; sizeBytes++) {
    const source = new NulSifter(cut(text, sizeBytes))
    expect((await readUpTo(source, 1000)).toString()).toBe(kept)
    expect(source.passedNuls).toBe(passed)
    expect(source.partedLines).toBe(passed === 512 ? 1 : 0)
  }
})

it.each([
  { what: 'none', text: 'a\nb' },
  { what: 'at a line of a quoted cell', text: `"a\n\0\0b",${nuls(15)}\n${nuls(15)}c\n` },
  { what: 'in the middle of a line', text: `a${nuls(511)}b\n` },
  { what: 'behind every letter', text: 'a\0b\0c\0\n\0d\0' },
  { what: 'at the end of a last line', text: `a\nb${nuls(15)}` },
])('passes NULs on that may be content: $what', async ({ text }) => {
  for (let sizeBytes = 1; sizeBytes <= text.length + 1; sizeBytes++) {
    const source = new NulSifter(cut(text, sizeBytes))
    expect((await readUpTo(source, 1000)).toString()).toBe(text)
    expect(source.passedNuls).toBe(0)
  }
})

/** A source of so many NULs with a text around them, and of how many were read. */
function makeBlank(before: string, sizeBytes: number, behind: string) {
  const head = Buffer.from(before)
  const tail = Buffer.from(behind)
  const end = head.length + sizeBytes + tail.length
  let at = 0
  const source: ByteSource = {
    async read(target, offset) {
      const start = at
      at = Math.min(end, at + Math.min(target.length - offset, 4 * 1024 * 1024))
      target.fill(0, offset, offset + at - start)
      if (start < head.length) head.copy(target, offset, start)
      const tailStart = end - tail.length
      if (at > tailStart) tail.copy(target, offset + Math.max(0, tailStart - start))
      return at - start
    },
  }
  return { source, readBytes: () => at }
}

it.each(['', 'a\n', 'a'])(
  'looks no further than a limit behind "%s", and reads on when asked to',
  async (before) => {
    const blank = makeBlank(before, MAX_NULS_LOOKED_AT * 2, 'b\n')
    const sifter = new NulSifter(blank.source)
    const target = Buffer.alloc(4 * 1024 * 1024)
    let text = ''
    const readToEnd = async (): Promise<void> => {
      for (let size = await sifter.read(target, 0); size > 0; size = await sifter.read(target, 0))
        text += target.toString('utf8', 0, size)
    }
    await readToEnd()
    expect(text).toBe(before)
    expect(blank.readBytes()).toBeLessThan(MAX_NULS_LOOKED_AT + 2 * target.length)
    expect(sifter.passedNuls).toBeGreaterThan(MAX_NULS_LOOKED_AT)
    sifter.readOn()
    await readToEnd()
    expect(text).toBe(before === 'a' ? 'a\nb\n' : `${before}b\n`)
    expect(sifter.passedNuls).toBe(MAX_NULS_LOOKED_AT * 2)
  },
)
