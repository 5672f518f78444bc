import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDuckDbStore } from '@timeskein/store'
import { makeBatch } from '@timeskein/store/testing'
import { expect, it, vi } from 'vitest'
import { StoredRows } from '../rows/stored-rows.ts'
import { readRuleSet } from '../rules/read-rule-set.ts'
import { detect } from './detect.ts'

const INDEX = 'c'.repeat(32)
const RULE = `
title: a message
logsource: {category: any}
detection: {s: {message|contains: one}, condition: s}
`

it('has rows fetched ahead as long as rules are looked at, and no longer', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'skein-ahead-'))
  // What is fetched ahead never ends by itself: detection would wait for it for ever.
  const ahead = vi.spyOn(StoredRows.prototype, 'fetchAhead').mockImplementation(async (signal) => {
    await once(signal, 'abort')
  })
  {
    await using store = await openDuckDbStore({ directory })
    await store.createIndex(INDEX)
    const profile = { aliases: {}, constants: {} }
    const target = { index: INDEX, timelineId: 3, importId: '1'.repeat(32), profile, skipKnownRows: false }
    await using transaction = await store.beginImport(target)
    await transaction.append(makeBatch([{ message: 'one' }, { message: 'two' }]))
    await transaction.commit()
    const rules = readRuleSet([{ file: 'rules.yml', text: RULE }])
    const { hits } = await detect(store, { scope: [{ index: INDEX }], rules }, () => {})
    expect(hits).toBe(1)
    expect(ahead).toHaveBeenCalledOnce()
  }
  ahead.mockRestore()
  await rm(directory, { recursive: true })
})
