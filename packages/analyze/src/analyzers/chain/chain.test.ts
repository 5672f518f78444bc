import { expect, test } from 'vitest'
import { runAnalyzer } from '../../testing/run-analyzer.ts'
import { chain } from './chain.ts'

interface Link {
  readonly chain_id: string
  readonly plugin: string
  readonly is_base: boolean
  readonly leafs?: number
}

test('downloads are chained to files and executions, what ran to addresses and links', async () => {
  const rows = [
    { message: 'd', data_type: 'chrome:history:file_downloaded', full_path: 'C:\\Users\\eve\\Evil Tool.EXE' },
    { message: 'f', data_type: 'fs:stat', filename: '/Users/eve/evil tool.exe' },
    { message: 'f', data_type: 'fs:stat', filename: '/Users/eve/not evil tool.exe.bak' },
    { message: 'n', data_type: 'fs:stat:ntfs', name: 'Evil Tool.exe' },
    { message: 'e', data_type: 'windows:prefetch:execution', executable: 'EVIL.EXE' },
    { message: 'u', url: 'https://x.example/get/evil.exe?x=1' },
    { message: 'u', url: 'https://x.example/get/devil.exe' },
    { message: 'l', parser: 'lnk', link_target: 'C:\\Temp\\evil.exe' },
    { message: 'p', data_type: 'windows:prefetch:execution', executable: 'LONELY.EXE' },
  ]
  const { result, marks } = await runAnalyzer(chain, rows)
  expect(result).toBe(
    '2 base events annotated with a chain UUID for 2 chains for a total of 4 events. [chromefilesystem] 2 - [winprefetch] 2',
  )
  expect([...marks.keys()].toSorted((a, b) => a - b)).toEqual([0, 1, 3, 4, 5, 7])
  const linksOf = (at: number) => marks.get(at)?.attributes?.['chains'] as readonly Link[]
  const id = linksOf(0)[0]!.chain_id
  expect(id).toMatch(/^[0-9a-f]{32}$/)
  expect(linksOf(0)).toEqual([{ chain_id: id, plugin: 'chromefilesystem', is_base: true, leafs: 2 }])
  expect(linksOf(3)).toEqual([{ chain_id: id, plugin: 'chromefilesystem', is_base: false }])
  expect(linksOf(4)).toMatchObject([{ plugin: 'winprefetch', is_base: true, leafs: 2 }])
  expect(marks.get(7)?.emojis).toEqual(['LINK'])
})

test('without chains nothing is marked', async () => {
  const { result, marks } = await runAnalyzer(chain, [{ message: 'x' }])
  expect(marks.size).toBe(0)
  expect(result).toBe('0 base events annotated with a chain UUID for 0 chains for a total of 0 events. ')
})

test('an event is told to be part of so many chains at most, and the log says so', async () => {
  const ran = { message: 'e', data_type: 'windows:prefetch:execution', executable: 'A.EXE' }
  const { marks, log } = await runAnalyzer(chain, [
    { message: 'u', url: 'http://x/a.exe' },
    ...Array.from({ length: 502 }, () => ran),
  ])
  expect(marks.get(0)?.attributes?.['chains']).toHaveLength(500)
  expect(log).toEqual([expect.stringContaining('2 links were left out')])
})
