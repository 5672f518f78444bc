import { Buffer } from 'node:buffer'
import { expect, it, vi } from 'vitest'
import { previewEvidence } from '../pipeline/preview-evidence.ts'

vi.mock('./limits.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  MAX_ROW_BYTES: 2000,
}))

it('a row that joined fields would make too long stays as it is, and the next ones are joined', async () => {
  const rows = ['x'.repeat(1500), 'é'.repeat(700), 'short'].map((what) => ({
    when: '2024-01-01T00:00:00Z',
    host: 'a',
    what,
  }))
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
  }
  const map = { time: 'when', message: 'host+what' }
  const { files } = await previewEvidence({ stream: stream(), name: 'x.jsonl' }, { map })
  expect(files[0]?.rows.map(({ source }) => JSON.parse(source))).toEqual([
    rows[0],
    rows[1],
    { ...rows[2], message: 'host:a | what:short | ' },
  ])
})
