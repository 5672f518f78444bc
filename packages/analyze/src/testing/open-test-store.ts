import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EventStore, openDuckDbStore, type Scope } from '@timeskein/store'
import { makeBatch } from '@timeskein/store/testing'

const INDEX = '0123456789abcdef0123456789abcdef'

/** A store with some events; disposing throws it away. */
export interface TestStore extends AsyncDisposable {
  readonly store: Pick<EventStore, 'search' | 'listFields' | 'scan'>
  readonly scope: Scope
}

/** Opens a store with these events on timeline 1. */
export async function openTestStore(rows: readonly object[]): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'skein-analyze-'))
  const store = await openDuckDbStore({ directory: folder })
  await store.createIndex(INDEX)
  const target = { index: INDEX, timelineId: 1, importId: randomUUID().replaceAll('-', '') }
  const profile = { aliases: {}, constants: {} }
  const transaction = await store.beginImport({ ...target, profile, skipKnownRows: false })
  await transaction.append(makeBatch(rows))
  await transaction.commit()
  return {
    store,
    scope: [{ index: INDEX }],
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Sixty log-ins, one an hour from 2024-02-01T00:00Z: five users in turn, every third succeeds, statuses 200 to 202. */
export function makeLogins(): object[] {
  return Array.from({ length: 60 }, (_, n) => ({
    message: `Login ${n % 3 === 0 ? 'accepted' : 'failed'} for user${n % 5}`,
    datetime: new Date(Date.UTC(2024, 1, 1, n)).toISOString(),
    user: `user${n % 5}`,
    status: 200 + (n % 3),
    ...(n < 4 ? { rare: `r${n % 3}` } : {}),
  }))
}
