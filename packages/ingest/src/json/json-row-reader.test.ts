import { Buffer } from 'node:buffer'
import { expect, it, vi } from 'vitest'
import { type RowHarvest, RowWriter } from '../batch/row-writer.ts'
import { timeField } from '../schemas/schema.ts'
import { makeMapping } from '../schemas/testing/make-mapping.ts'
import { readJsonLines } from './json-lines.ts'
import { JsonRowReader } from './json-row-reader.ts'

const MAPPING = makeMapping([timeField('datetime', 'Written', { format: 'iso' })])

/** Reads lines; records with `platform` get a message, others stay as they are. */
function read(text: string): RowHarvest {
  const writer = new RowWriter(MAPPING)
  const rows = new JsonRowReader(writer, (record) => {
    const { platform, ...rest } = record as Record<string, unknown>
    return platform === undefined ? undefined : { ...rest, message: `of ${String(platform)}` }
  })
  readJsonLines(rows, Buffer.from(text), 1, true)
  return writer.harvest()
}

/** Line and text of each event. */
function listEvents({ batches }: RowHarvest): (readonly [number, string])[] {
  return batches.flatMap(({ rowCount, lines, source: { bytes, offsets } }) =>
    Array.from({ length: rowCount }, (_, row) => {
      const text = Buffer.from(bytes.subarray(offsets[row], offsets[row + 1])).toString()
      return [lines[row]!, text] as const
    }),
  )
}

const at = '"datetime":"2026-01-02T03:04:05Z"'

it('keeps the changed record, and the very bytes of one that stays as it is', () => {
  const harvest = read(`{${at},"platform":"edr"}\n{ ${at} , "n":1.50 }  \n`)
  expect(listEvents(harvest)).toEqual([
    [1, `{${at},"message":"of edr"}`],
    [2, `{ ${at} , "n":1.50 }`],
  ])
})

it('reads several records of one line, also of a long one', () => {
  const record = `{${at},"platform":"edr"}`
  expect(listEvents(read(`${record} ${record}\n${record}`)).map(([line]) => line)).toEqual([1, 1, 2])
  expect(listEvents(read(record.repeat(3000)))).toHaveLength(3000)
  const long = `{${at},"platform":"${'x'.repeat(100_000)}"}`
  expect(listEvents(read(`${long}${long}`))).toHaveLength(2)
})

it('tells of what is no record where it stands in the input, and goes on', () => {
  const { batches, rejects } = read(
    [`{${at},"a":}`, '[1]', `{${at}} x`, `{${at},"platform":1}`, `{${at}`].join('\n'),
  )
  const before = `{${at}`.length
  expect(rejects.map(({ line, reason, detail }) => [line, reason, detail])).toEqual([
    [1, 'bad-json', `expected a value at byte ${before + 6} of the row, found "}"`],
    [2, 'not-an-object', 'expected a JSON object, found an array'],
    [3, 'bad-json', `expected '{' at byte 1 of the row, found "x"`],
    [5, 'truncated', expect.stringContaining('the input ends inside a JSON object')],
  ])
  expect(batches.reduce((sum, { rowCount }) => sum + rowCount, 0)).toBe(2)
})

it('rejects a record that is nested too deep to be changed by itself', () => {
  const deep = `{${at},"platform":1,"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`
  const other = `{${at},"platform":"edr"}`
  for (const text of [`${other}\n${deep}\n${other}`, `${other}\n${deep} ${other}`]) {
    const harvest = read(text)
    expect(harvest.rejects.map(({ line, reason, raw }) => [line, reason, raw])).toEqual([
      [2, 'over-limit', deep],
    ])
    expect(listEvents(harvest)).toHaveLength(2)
    expect(harvest.read).toBe(3)
  }
})

it('takes a line of many records for one but once', () => {
  const parse = vi.spyOn(JSON, 'parse')
  const record = `{${at},"platform":"edr"}`
  const line = record.repeat(100)
  expect(listEvents(read(`${line}\n${line}\n${record}`))).toHaveLength(201)
  const whole = parse.mock.calls.filter(([text]) => text.length > record.length)
  parse.mockRestore()
  expect(whole.map(([text]) => text.length)).toEqual([line.length, line.length])
})
