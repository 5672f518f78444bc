import { expect, test } from 'vitest'
import { noteBatch } from './note-batch.ts'

test('the thread is asked before anything else can be: what comes behind it there may wait for it', () => {
  const asked: unknown[] = []
  const neverEnds = new Promise<never>(() => undefined)
  const context = {
    writeInThread: (_job: unknown, input: unknown) => {
      asked.push(input)
      return neverEnds
    },
    syncDatabase: () => neverEnds,
  }
  void noteBatch(context, 'c1', { importId: 'i1' }, '{}')
  expect(asked).toEqual([{ connector_uid: 'c1', import_id: 'i1', payload_json: '{}' }])
})
