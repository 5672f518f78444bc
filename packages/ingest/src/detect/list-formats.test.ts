import { expect, it } from 'vitest'
import { listFormats } from './list-formats.ts'

it('lists binary formats, texts, their known shapes and containers, each once', () => {
  const names = listFormats().map(({ name }) => name)
  expect(names).toEqual(expect.arrayContaining(['evtx', 'csv', 'jsonl', '…/hayabusa', 'zip']))
  expect(new Set(names).size).toBe(names.length)
})
