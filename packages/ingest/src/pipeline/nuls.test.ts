import { expect, it } from 'vitest'
import { MAX_NULS_LOOKED_AT } from '../encoding/nul-sifter.ts'
import { readBytes } from './testing/read-bytes.ts'

const NULS = '\0'.repeat(4096)
const TOLD =
  '4,096 NULs were passed over: many in a row are mostly what a crash left where a disk had not yet written.'

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

it('reads the line behind one that a crash cut, with NULs between them', async () => {
  const lines = ['one', 'two', 'three'].map((word, i) => `Jan  1 00:00:0${i} h p: ${word}\n`)
  const {
    sources,
    lines: numbers,
    remarks,
  } = await readBytes(`${lines[0]}Jan  1 00:${NULS}${lines[1]}${lines[2]}`)
  expect(sources.map((source) => (JSON.parse(source) as { message: string }).message)).toEqual([
    '[p] one\nJan  1 00:',
    '[p] two',
    '[p] three',
  ])
  expect(numbers).toEqual([1, 3, 4])
  expect(remarks).toContain(`${TOLD} They parted 1 line in two; lines behind are counted accordingly.`)
})

it('keeps NULs that a quoted cell has', async () => {
  const { sources, remarks } = await readBytes(
    'datetime,message,timestamp_desc\n2026-01-01T00:00:00Z,"a\n\0\0b",x\n',
  )
  expect(sources.map((source) => JSON.parse(source))).toMatchObject([{ message: 'a\n\0\0b' }])
  expect(remarks).toEqual([])
})

it('reads a text to its end whose beginning has more NULs than are looked at', async () => {
  const content = Buffer.alloc(MAX_NULS_LOOKED_AT + 1024 * 1024)
  const lines = ['one', 'two'].map((word, i) => `Jan  1 00:00:0${i} h p: ${word}\n`)
  content.write(lines[0]!)
  content.write(lines[1]!, content.length - lines[1]!.length)
  expect((await readBytes(content)).sources).toHaveLength(2)
})

it('says of a file that is nothing but NULs that it is blank', async () => {
  await expect(readBytes(NULS)).rejects.toThrow('found blank: NULs and nothing else, 4,096 of them')
  await expect(readBytes(Buffer.alloc(MAX_NULS_LOOKED_AT + 5 * 1024 * 1024))).rejects.toThrow(
    'found blank: it begins with more than 67108864 NULs (MAX_NULS_LOOKED_AT), and was not looked at further',
  )
})
