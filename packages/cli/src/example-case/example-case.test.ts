import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeExampleCase } from './example-case.ts'

test('the example case is the same at every run, about 20,000 rows from three sources', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'timeskein-example-'))
  try {
    const first = await writeExampleCase(join(folder, 'first'))
    const second = await writeExampleCase(join(folder, 'second'))
    expect(first.map((file) => file.timeline)).toEqual(['Windows events', 'Browser history', 'Web server'])
    let lineCount = 0
    for (const [place, file] of first.entries()) {
      const text = await readFile(file.path, 'utf8')
      expect(await readFile(second[place]?.path ?? '', 'utf8')).toBe(text)
      lineCount += text.split('\n').length - 1
    }
    expect(lineCount).toBeGreaterThan(19_500)
    expect(lineCount).toBeLessThan(21_000)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
