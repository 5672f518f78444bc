import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { makeZip } from '../containers/zip-fixture.ts'
import { previewEvidence } from './preview-evidence.ts'

async function* once(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content)
}

const lines = Array.from(
  { length: 30 },
  (_, i) => `{"EventTime":"2024-01-01 00:00:${String(i).padStart(2, '0')}","Message":"m${i}","n":{"a.b":1}}`,
).join('\n')

describe('previewEvidence', () => {
  it('shows the mapping and the first rows as they would be stored', async () => {
    const { files } = await previewEvidence(
      { stream: once(`${lines}\n{"EventTime":"never"}`), name: 'a.jsonl' },
      { map: { message: 'Message' } },
      3,
    )
    expect(files.length).toBe(1)
    expect(files[0]!.rows.length).toBe(3)
    expect(files[0]!.rows[1]).toMatchObject({ line: 2, datetime: '2024-01-01T00:00:01+00:00', message: 'm1' })
    expect(files[0]!.rejects).toMatchObject([{ line: 31, reason: 'bad-time' }])
    expect(files[0]!.mapping.times.map(({ fields }) => fields)).toEqual([['EventTime']])
  })

  it('looks at each entry of an archive and names those that are not read', async () => {
    const archive = makeZip([
      { name: 'a.jsonl', content: Buffer.from(lines) },
      { name: 'b.bin', content: Buffer.from([0, 1, 2, 3, 4, 5, 6, 7]) },
      { name: 'c.csv', content: Buffer.from('datetime,message\n2024-01-01,a\n2024-01-02,b\n') },
    ])
    const { files, refused } = await previewEvidence({ stream: once(archive), name: 'z.zip' })
    expect(files.map(({ path, rows }) => [path, rows.length])).toEqual([
      ['z.zip!a.jsonl', 10],
      ['z.zip!c.csv', 2],
    ])
    expect(refused.map(({ path }) => path)).toEqual(['z.zip!b.bin'])
  })
})
