import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeTextKernel } from '../batch/text-kernel.ts'
import { decodeCsvCell } from './csv-cell.ts'
import { type CsvDialect, RFC_4180 } from './csv-dialect.ts'
import { type CsvRows, describeCsvProblem, ROW_OK } from './csv-rows.ts'
import { CsvScanner, type CsvScannerOptions } from './csv-scanner.ts'
import { findCsvSplit } from './csv-split.ts'

interface Row {
  readonly line: number
  readonly cells: readonly string[]
  readonly raw: string
  readonly problem?: string
}

const encoder = new TextEncoder()
const kernel = makeTextKernel()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

function collect(block: Uint8Array, rows: CsvRows, dialect: CsvDialect, columnCount: number): Row[] {
  return Array.from({ length: rows.rowCount }, (_, row) => {
    const cells: string[] = []
    for (let cell = rows.rowCells[row]!; cell < rows.rowCells[row + 1]!; cell++) {
      cells.push(decodeCsvCell(block, rows, cell, dialect.quote))
    }
    const problem =
      rows.rowProblems[row] === ROW_OK ? undefined : describeCsvProblem(rows, row, columnCount).reason
    return {
      line: rows.rowLines[row]!,
      cells,
      raw: decoder.decode(block.subarray(rows.rowStarts[row]!, rows.rowEnds[row]!)),
      ...(problem === undefined ? {} : { problem }),
    }
  })
}

/** Scans a text given in pieces, as a caller with blocks does; with a kernel where there is one, and without. */
function readPieces(
  pieces: readonly Uint8Array[],
  dialect = RFC_4180,
  options: CsvScannerOptions = {},
): Row[] {
  const rows = readPiecesBy(pieces, dialect, options)
  if (kernel) expect(readPiecesBy(pieces, dialect, { ...options, kernel })).toEqual(rows)
  return rows
}

function readPiecesBy(pieces: readonly Uint8Array[], dialect: CsvDialect, options: CsvScannerOptions): Row[] {
  const scanner = new CsvScanner(dialect, options)
  const found: Row[] = []
  let block: Uint8Array = new Uint8Array(0)
  for (const [index, piece] of pieces.entries()) {
    block = Buffer.concat([block, piece])
    const isLast = index === pieces.length - 1
    let at = 0
    for (;;) {
      const rows = scanner.scan(block, at, isLast)
      found.push(...collect(block, rows, dialect, options.columnCount ?? 0))
      at = rows.consumed
      if (rows.rowCount === 0) break
    }
    block = block.subarray(at)
  }
  expect(block).toHaveLength(0)
  return found
}

function readText(text: string, dialect = RFC_4180, options: CsvScannerOptions = {}): Row[] {
  return readPieces([encoder.encode(text)], dialect, options)
}

function cellsOf(text: string, dialect = RFC_4180): (readonly string[])[] {
  return readText(text, dialect).map((row) => row.cells)
}

function writeCell(text: string, isQuoted: boolean): string {
  return isQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

describe('CsvScanner', () => {
  it('reads rows ended by LF or CRLF, with or without the last line end', () => {
    expect(cellsOf('a,b\nc,d\r\ne,f')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ])
  })

  it('reads rows ended by CR alone where the dialect says so, and keeps a lone CR elsewhere', () => {
    expect(cellsOf('a,b\rc,"d\r e"\r', { ...RFC_4180, lineEnd: 'cr' })).toEqual([
      ['a', 'b'],
      ['c', 'd\r e'],
    ])
    expect(cellsOf('a\rb,c\n')).toEqual([['a\rb', 'c']])
  })

  it('reads delimiters, line ends and doubled quotes inside quotes', () => {
    expect(cellsOf('"a,b","c\r\nd","say ""hi"""\n')).toEqual([['a,b', 'c\r\nd', 'say "hi"']])
  })

  it('keeps empty cells, at the end too, and passes over blank lines', () => {
    expect(cellsOf(',,\n\n\r\n"",x,\n')).toEqual([
      ['', '', ''],
      ['', 'x', ''],
    ])
  })

  it('tells the first line and the raw text of each row', () => {
    const rows = readText('a,b\n"x\ny",1\n\nlast,2\r\n')
    expect(rows.map((row) => [row.line, row.raw])).toEqual([
      [1, 'a,b'],
      [2, '"x\ny",1'],
      [5, 'last,2'],
    ])
  })

  it('takes quotes inside unquoted cells, and text behind a closing quote, as content', () => {
    expect(cellsOf('5" disk,"C:\\x.exe" -k "y",z\n')).toEqual([['5" disk', 'C:\\x.exe -k "y"', 'z']])
  })

  it('flags rows with other cell counts, but not for further empty cells', () => {
    const rows = readText('a,b\nc\nd,e,f\ng,h,,\n', RFC_4180, { columnCount: 2 })
    expect(rows.map((row) => row.problem)).toEqual([
      undefined,
      'wrong-column-count',
      'wrong-column-count',
      undefined,
    ])
    expect(rows[3]!.cells).toEqual(['g', 'h'])
  })

  it('says how many cells were expected and found', () => {
    const rows = new CsvScanner(RFC_4180, { columnCount: 3 }).scan(encoder.encode('a,b\n'), 0, true)
    expect(describeCsvProblem(rows, 0, 3)).toEqual({
      reason: 'wrong-column-count',
      detail: 'expected 3 cells, as many as the table has columns, found 2',
    })
  })

  it('leaves out only the line with a stray quote', () => {
    const rows = readText('x,"stray\ny,2\nz,"hello, w"\n')
    expect(rows.map((row) => [row.line, row.problem ?? row.cells])).toEqual([
      [1, 'bad-csv'],
      [2, ['y', '2']],
      [3, ['z', 'hello, w']],
    ])
  })

  it('leaves out only the line whose quote is never closed', () => {
    const rows = readText('a,1\nx,"open\ny,2\n')
    expect(rows.map((row) => [row.line, row.problem ?? row.cells])).toEqual([
      [1, ['a', '1']],
      [2, 'bad-csv'],
      [3, ['y', '2']],
    ])
  })

  it('calls a text that ends inside of a quoted cell truncated', () => {
    expect(readText('a,1\nx,"cut he')[1]).toMatchObject({ line: 2, problem: 'truncated', raw: 'x,"cut he' })
  })

  it('flags a row beyond the limit once and goes on behind it', () => {
    const long = encoder.encode(`a,${'x'.repeat(5000)}`)
    const pieces = [long, encoder.encode('yyy'), encoder.encode('y\nb,2\n')]
    const rows = readPieces(pieces, RFC_4180, { maxRowBytes: 1000 })
    expect(rows.map((row) => [row.line, row.problem ?? row.cells])).toEqual([
      [1, 'row-too-large'],
      [2, ['b', '2']],
    ])
  })

  it('passes over comments and empties texts that mean no value', () => {
    const zeek: CsvDialect = {
      delimiter: 9,
      quote: undefined,
      lineEnd: 'lf',
      comment: 0x23,
      absent: ['-', '(empty)'],
    }
    expect(cellsOf('#types\ta\n-\t"x\t(empty)\n#close\n', zeek)).toEqual([['', '"x', '']])
  })

  it('stops after the wanted number of rows', () => {
    const scanner = new CsvScanner(RFC_4180, { maxRows: 2 })
    const block = encoder.encode('a\nb\nc\n')
    expect(scanner.scan(block, 0, true)).toMatchObject({ rowCount: 2, consumed: 4 })
    expect(scanner.scan(block, 4, true)).toMatchObject({ rowCount: 1, consumed: 6 })
  })

  it('reads back what was written, in whatever pieces it comes', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'é', '𝕏', '"', ',', '\n', '\r', '\0', ' ', "'"),
      maxLength: 8,
    })
    const row = fc.array(fc.record({ text, isQuoted: fc.boolean() }), { minLength: 2, maxLength: 5 })
    const cuts = fc.array(fc.nat(200), { maxLength: 6 })
    fc.assert(
      fc.property(
        fc.array(row, { maxLength: 6 }),
        cuts,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, at, end, hasEnd) => {
          const body = rows
            .map((cells) => cells.map((cell) => writeCell(cell.text, cell.isQuoted)).join(','))
            .join(end)
          const bytes = encoder.encode(hasEnd && rows.length > 0 ? body + end : body)
          const places = [
            0,
            ...at.map((place) => Math.min(place, bytes.length)).sort((a, b) => a - b),
            bytes.length,
          ]
          const pieces = places.slice(1).map((place, index) => bytes.subarray(places[index]!, place))
          const expected = rows.map((cells) => cells.map((cell) => cell.text))
          expect(readPieces(pieces).map((found) => found.cells)).toEqual(expected)
          expect(readPieces(pieces, RFC_4180, { maxRows: 1 })).toEqual(readPieces([bytes]))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('accounts for every line of any text at all, in the same way for any pieces', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '"', '"', ',', '\n', '\r', ' '), maxLength: 60 })
    fc.assert(
      fc.property(text, fc.nat(60), (body, cut) => {
        const bytes = encoder.encode(body)
        const whole = readPieces([bytes], RFC_4180, { columnCount: 2 })
        expect(
          readPieces([bytes.subarray(0, cut), bytes.subarray(cut)], RFC_4180, { columnCount: 2 }),
        ).toEqual(whole)
        const left = whole.reduce((rest, row) => rest.replace(row.raw, ''), body)
        expect(left.replace(/[\r\n]/g, '')).toBe('')
      }),
      { numRuns: 500 },
    )
  })

  it('reads a long line of stray quotes in time that grows with its length', () => {
    const rows = readText('x,"a\n'.repeat(20_000))
    expect(rows).toHaveLength(20_000)
    expect(rows.every((row) => row.problem === 'bad-csv')).toBe(true)
  })

  it('reads rows, quotes and doubled quotes wherever a window of the text ends', () => {
    const row = '"a""b","c\nd",e"f,\n'
    const text = row.repeat(4000)
    for (let shift = 0; shift < row.length; shift++) {
      const block = encoder.encode(`${'x'.repeat(shift)},1,2,3\n${text}`)
      for (const options of kernel ? [{}, { kernel }] : [{}]) {
        const rows = new CsvScanner(RFC_4180, { columnCount: 4, ...options }).scan(block, 0, true)
        expect([rows.rowCount, rows.problemCount, rows.cellCount]).toEqual([4001, 0, 4001 * 4])
        expect(rows.rowLines[4000]).toBe(8000)
        expect(collect(block, rows, RFC_4180, 4).at(-1)?.cells).toEqual(['a"b', 'c\nd', 'e"f', ''])
      }
    }
  })

  it('reads a cell of several megabytes', () => {
    const long = 'a "" b\n'.repeat(500_000)
    expect(readText(`"${long}",x\n`)[0]!.cells[0]).toHaveLength(long.length - 500_000)
  })
})

describe('findCsvSplit', () => {
  it('ends behind the last row that is complete, not inside of a quoted cell', () => {
    expect(findCsvSplit(encoder.encode('a,b\nc,d\ne'), RFC_4180)).toEqual({ end: 8, lines: 2 })
    expect(findCsvSplit(encoder.encode('a,b\n"c\n\nd'), RFC_4180)).toEqual({ end: 4, lines: 1 })
    expect(findCsvSplit(encoder.encode('abc'), RFC_4180)).toEqual({ end: 0, lines: 0 })
  })
})
