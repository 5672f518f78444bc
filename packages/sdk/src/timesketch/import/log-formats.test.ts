import { expect, test } from 'vitest'
import { BUILT_IN_LOG_FORMATS, chooseLogFormat } from './log-formats.ts'

const FORMATS = {
  byType: { data_type: 'a:b', message: '{x}' },
  exact: { columns: 'one,two', datetime: 'one', separator: ';', encoding: 'latin1' },
  ...BUILT_IN_LOG_FORMATS,
}

test('a format is chosen by its kind, by its columns, or by some of them', () => {
  expect(chooseLogFormat(FORMATS, { dataType: 'a:b' })).toEqual({ message: '{x}' })
  expect(chooseLogFormat(FORMATS, { columns: ['two', 'one'] })).toEqual({
    timeField: 'one',
    delimiter: ';',
    encoding: 'latin1',
  })
  const redline = 'EventTimestamp,EventType,AuditType,Summary1,Summary2,Summary3,UniqueUsername,More'.split(
    ',',
  )
  expect(chooseLogFormat(FORMATS, { columns: redline })).toMatchObject({ timeField: 'EventTimestamp' })
})

test('a log that no format fits gets none', () => {
  expect(chooseLogFormat(FORMATS, { dataType: 'c', columns: ['one'] })).toEqual({})
  expect(chooseLogFormat(FORMATS, {})).toEqual({})
})
