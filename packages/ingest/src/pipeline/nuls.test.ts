import { expect, it } from 'vitest'
import { readBytes } from './testing/read-bytes.ts'

const NULS = '\0'.repeat(4096)
const TOLD =
  '4,096 NULs were passed over: at the beginning of lines and at the end of a text they stand where a disk lost what was written.'

it.each([
  {
    format: 'csv/timesketch',
    text: 'datetime,message,timestamp_desc\n2026-01-01T00:00:00Z,one,x\n2026-01-01T00:00:01Z,two,x\n',
  },
  {
    format: 'jsonl/timesketch',
    text: '{"datetime":"2026-01-01T00:00:00Z","message":"one","timestamp_desc":"x"}\n{"datetime":"2026-01-01T00:00:01Z","message":"two","timestamp_desc":"x"}\n',
  },
  { format: 'log/syslog', text: 'Jan  1 00:00:00 h p: one\nJan  1 00:00:01 h p: two\n' },
])('reads $format with NULs behind it or in the middle as without them', async ({ format, text }) => {
  const whole = await readBytes(text)
  const middle = text.indexOf('\n') + 1
  for (const padded of [text + NULS, text.slice(0, middle) + NULS + text.slice(middle)]) {
    const { sources, lines, rejects, formats, remarks } = await readBytes(padded)
    expect(formats).toEqual([format])
    expect({ sources, lines, rejects }).toEqual({
      sources: whole.sources,
      lines: whole.lines,
      rejects: [],
    })
    expect(remarks).toContain(TOLD)
  }
})

it('says of a file that is nothing but NULs what stands in it', async () => {
  await expect(readBytes(NULS)).rejects.toThrow('found something that begins with "\\x00')
})
