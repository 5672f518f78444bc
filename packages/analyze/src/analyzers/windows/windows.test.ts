import { expect, test } from 'vitest'
import { runAnalyzer } from '../../testing/run-analyzer.ts'
import { evtxGap } from './evtx-gap.ts'
import { listDaysBetween, listGaps } from './record-gaps.ts'
import { winCrash } from './win-crash.ts'

const EVTX = { data_type: 'windows:evtx:record' }

test('crashed programs are named, and switched-off reports warned of', async () => {
  const crash = { ...EVTX, source_name: 'Application Error', event_identifier: 1000, event_level: 2 }
  const { result, marks, searches } = await runAnalyzer(winCrash, [
    { ...crash, message: "[1000 / 0x03e8] Strings: ['evil.exe', '1.0']" },
    { ...crash, message: 'AppName: other.exe', AppName: 'other.exe' },
    { ...crash, message: 'nothing' },
    { ...crash, event_level: 4, message: "'x.exe'" },
    {
      data_type: 'fs:stat',
      message: 'file',
      filename: '/ProgramData/Microsoft/Windows/WER/ReportArchive/AppCrash_bad.exe_0123456789abcdef0',
      file_entry_type: 'directory',
    },
    {
      data_type: 'windows:registry:key_value',
      message: 'key',
      key_path: 'HKLM\\System\\ControlSet001\\Control\\CrashControl',
      values: 'CrashDumpEnabled: REG_DWORD_LE 0',
    },
  ])
  expect([...marks].map(([at, { attributes }]) => [at, attributes?.['crash_app']])).toEqual([
    [0, 'evil.exe'],
    [1, 'other.exe'],
    [4, 'bad.exe'],
    [5, undefined],
  ])
  expect(marks.get(0)?.tags).toEqual(['win_crash'])
  expect(marks.get(5)).toEqual({ comment: expect.stringMatching(/^WARNING: /) })
  expect(searches).toEqual([{ name: 'Windows Crash activity', queryString: 'tag:"win_crash"' }])
  expect(result).toBe(
    'Windows Crash analyzer completed, 3 crashed applications identified: evil.exe, other.exe, bad.exe',
  )
})

test('gaps of record numbers; what is there where more than half is missing', () => {
  expect(listGaps([1, 2, 2, 5, 6, 7])).toEqual({ kind: 'missing', ranges: [[3, 4]] })
  expect(listGaps([100, 1])).toEqual({
    kind: 'included',
    ranges: [
      [1, 1],
      [100, 100],
    ],
  })
  expect(listGaps([3, 2, 1])).toBeUndefined()
  expect(listGaps([])).toBeUndefined()
  expect(listDaysBetween('2024-02-28', '2024-03-01')).toEqual(['2024-02-28', '2024-02-29', '2024-03-01'])
  expect(listDaysBetween('0001-01-01', '9999-12-31')).toHaveLength(40_000)
})

test('missing days and records are told in a story', async () => {
  const event = (record_number: unknown, datetime: string) => ({
    ...EVTX,
    message: 'x',
    source_name: 'S',
    record_number,
    datetime,
  })
  const { result, stories, aggregations } = await runAnalyzer(evtxGap, [
    event(1, '2024-02-01T00:00:00Z'),
    event('2', '2024-02-01T00:00:00Z'),
    event(4, '2024-02-04T00:00:00Z'),
  ])
  expect(result).toMatch(/^Gaps were detected in the EVTX record/)
  const texts = stories
    .get('EVTX Gap Analysis - evidence')
    ?.map((piece) => (piece.kind === 'text' ? piece.markdown : piece.kind))
  expect(texts?.join('\n')).toContain('No event from **2024-02-02** to **2024-02-03**')
  expect(texts?.join('\n')).toContain('Record 3 is missing')
  expect(aggregations[1]?.parameters['data']).toEqual([
    { day: '2024-02-01', count: 2 },
    { day: '2024-02-02', count: 0 },
    { day: '2024-02-03', count: 0 },
    { day: '2024-02-04', count: 1 },
  ])
})

test('without gaps, and without events, it says so', async () => {
  const event = { ...EVTX, message: 'x', source_name: 'S', record_number: 1 }
  expect((await runAnalyzer(evtxGap, [event])).result).toMatch(/^No gaps were identified/)
  expect((await runAnalyzer(evtxGap, [{ message: 'x' }])).result).toBe('No EVTX events discovered.')
})
