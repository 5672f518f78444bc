import { expect, it } from 'vitest'
import { readLog } from '../logs/testing/read-log.ts'

const HEADER = 'Date,Size,Type,Mode,UID,GID,Meta,File Name\n'

it.each([
  ['Fri Mar 01 2024 10:00:00', 'Xxx Xxx 00 0000 00:00:00'],
  ['2024-03-01T10:00:00Z', '0000-00-00T00:00:00Z'],
])('reads what mactime -d writes, and tells rows without a time as that: %s', async (time, none) => {
  const row = (date: string, name: string): string => `${date},17,m.c.,r/rrw-r--r--,0,0,42,"${name}"\n`
  const { events, rejects, account, mapping } = await readLog(
    `${HEADER}${row(none, '/gone')}${row(time, '/etc/passwd')}${row(time, '/a,b')}`,
  )
  expect(account).toMatchObject({ format: 'csv/mactime', read: 3, rejected: 1 })
  expect(rejects).toMatchObject([{ line: 2, reason: 'bad-time' }])
  expect(rejects[0]?.detail).toContain(`${none} stands for a time that was not set`)
  expect(events.map((one) => one['File Name'])).toEqual(['/etc/passwd', '/a,b'])
  expect(mapping.profile).toMatchObject({
    aliases: { filename: 'File Name', inode: 'Meta', timestamp_desc: 'Type', message: 'File Name' },
    constants: { data_type: 'fs:bodyfile:entry' },
  })
})
