import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { sampleLog } from '../logs/core/log-sample.ts'
import { hasDatedLines } from '../logs/lines/lines.ts'
import type { CsvLayout } from './csv-dialect.ts'
import { type CsvLayoutOptions, detectCsvLayout } from './csv-layout.ts'

function detect(text: string, options: CsvLayoutOptions = {}): CsvLayout | undefined {
  const sample = Buffer.from(text)
  return detectCsvLayout(sample, { isWhole: true, ...options }, () => hasDatedLines(sampleLog(sample, true)))
}

describe('detectCsvLayout', () => {
  it.each([
    [',', 'a,b\n1,"x;y;z"\n2,"x;y;z"\n'],
    [';', 'a;b\n1,5;2\n2,5;3\n'],
    ['\t', 'a\tb\nx, y\tz\nx, y\tz\n'],
    ['|', 'a|b\n1|2\n'],
  ])('detects the delimiter %j', (delimiter, text) => {
    expect(detect(text)?.dialect.delimiter).toBe(delimiter.charCodeAt(0))
  })

  it('obeys a line sep=; and counts it as a line', () => {
    expect(detect('sep=;\r\na,x;b\r\n1;2\r\n')).toMatchObject({
      columns: ['a,x', 'b'],
      dataStart: 14,
      dataLine: 3,
    })
  })

  it('steps over a byte order mark', () => {
    expect(detect('\ufeffa,b\n1,2\n')).toMatchObject({ columns: ['a', 'b'], headerStart: 3, dataStart: 7 })
  })

  it('makes empty and repeated names unique, whatever they are', () => {
    expect(detect('a, a ,,__proto__,a_2,a\n1,2,3,4,5,6\n')?.columns).toEqual([
      'a',
      'a_3',
      'column_3',
      '__proto__',
      'a_2',
      'a_4',
    ])
  })

  it('sees that a first row is data', () => {
    const layout = detect('2020-01-01T00:00:00Z,10.0.0.1,x\n2020-01-01T00:00:01Z,10.0.0.2,y\n')
    expect(layout).toMatchObject({
      hasHeader: false,
      columns: ['column_1', 'column_2', 'column_3'],
      dataStart: 0,
      dataLine: 1,
    })
  })

  describe('of a text without names, of which some rows are longer', () => {
    const write = (begin: string, every: number, more: string) =>
      Array.from({ length: 48 }, (_, i) => `${begin},host,login${i % every ? '' : more}\n`).join('')

    it.each([8, 6, 5])('keeps the columns where no line has a whole time: one row in %d', (every) => {
      for (const begin of ['2026-01-02,03:04:05', '26/01/02,03:04:05', '2026-01-02,x'])
        expect(detect(write(begin, every, ',more'))?.columns).toHaveLength(4)
    })

    it('leaves it to be a log where lines have times, unless the user says how it is written', () => {
      const text = write('2026-01-02 03:04:05', 5, ',more')
      expect(detect(text)).toBeUndefined()
      expect(detect(text, { hasHeader: false })?.columns).toHaveLength(3)
      expect(detect(text, { delimiter: ',' })?.columns).toHaveLength(3)
    })

    it('is none where rows of one length are few: text with commas', () => {
      const more = [0, 1, 1, 2, 3, 0, 4, 1, 0, 5]
      const prose = more.map((count) => `2026-01-02, we looked at it${', and more'.repeat(count)}\n`)
      expect(detect(prose.join('').repeat(10))).toBeUndefined()
      expect(detect(`When,What,Where\n${prose.join('').repeat(10)}`)?.columns).toHaveLength(3)
    })

    it('takes rows for alike that have but empty cells more', () => {
      expect(detect(write('2026-01-02 03:04:05', 3, ',,'))?.columns).toHaveLength(3)
      expect(detect(write('2026-01-02 03:04:05', 3, ',,x'))).toBeUndefined()
    })
  })

  it('adds columns where nearly all rows have more cells than the header', () => {
    const row = 'Information,1/2/2020 3:04:05 PM,Service,7036,None,"entered\nthe state"\n'
    expect(
      detect(`Level,Date and Time,Source,Event ID,Task Category\n${row.repeat(30)}`)?.columns,
    ).toHaveLength(6)
  })

  it('keeps the header of a text with some broken rows', () => {
    expect(detect('datetime,message,timestamp_desc\n1,2,3\n4\n5,6\n7,8,9\n')?.columns).toHaveLength(3)
  })

  it.each([
    ['datetime,message,timestamp_desc\nbroken\nbroken too\n', 3],
    ['time,message\nno comma\n2024-01-01,ok\nx\ny\nz\n', 2],
    ['Date and Time;User;Message\n01.02.2024;x\n', 3],
    ['@timestamp|host.name|message\n|\n', 3],
    ['datetime,message\n"never closed,x\n', 2],
  ])('knows a table of few rows by its header, however broken they are: %j', (text, columnCount) => {
    expect(detect(text)).toMatchObject({ hasHeader: true })
    expect(detect(text)?.columns).toHaveLength(columnCount)
  })

  it('takes a short letter for no table', () => {
    expect(detect('Hello, world\nhow are you\n')).toBeUndefined()
    expect(detect('Dear all,\nthis is it\n')).toBeUndefined()
  })

  it('reads the preamble of Zeek and of W3C logs', () => {
    const zeek = detect(
      '#separator \\x09\n#unset_field\t-\n#fields\tts\tuid\n#types\ttime\tstring\n1.5\tC1\n',
    )
    expect(zeek).toMatchObject({ format: 'zeek-tsv', columns: ['ts', 'uid'], dataLine: 5 })
    expect(zeek?.dialect).toMatchObject({ delimiter: 9, quote: undefined, comment: 0x23, absent: ['-'] })
    const w3c = detect('#Version: 1.0\r\n#Fields: date time c-ip\r\n2020-01-01 00:00:00 ::1\r\n')
    expect(w3c).toMatchObject({ format: 'w3c', columns: ['date', 'time', 'c-ip'], dataLine: 3 })
  })

  it('detects the apostrophe as quote', () => {
    expect(detect("a,b\n'x,1','y'\n'z','it''s'\n")?.dialect.quote).toBe("'".charCodeAt(0))
  })

  it('detects CR alone as line end', () => {
    expect(detect('a,b\r1,2\r')?.dialect.lineEnd).toBe('cr')
  })

  it('refuses prose, nothing, and one column, unless the delimiter is given', () => {
    expect(
      detect('Dear all,\nthis is, as you see, a letter\nwithout columns\nor, well, rows\n'),
    ).toBeUndefined()
    expect(detect('')).toBeUndefined()
    expect(detect('a\nb\n')).toBeUndefined()
    expect(detect('a\nb\n', { delimiter: ',' })?.columns).toEqual(['a'])
  })

  it('shows the header of a text without rows, and of a sample that is cut', () => {
    expect(detect('a,b,c\n')).toMatchObject({ columns: ['a', 'b', 'c'], dataStart: 6, dataLine: 2 })
    expect(detect('a,b,c\n1,2', { isWhole: false })?.columns).toEqual(['a', 'b', 'c'])
  })
})
