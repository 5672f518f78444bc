import type { Selectable } from 'kysely'
import { expect, test } from 'vitest'
import { makePrincipal } from '../../auth/make-principal.ts'
import { ALL_SCOPES } from '../../auth/principal.ts'
import type { ConnectorRow } from '../../db/connector-schema.ts'
import { createLogger } from '../../log.ts'
import type { ServiceContext } from '../service-context.ts'
import { Turns } from '../turns.ts'
import { PullRunner } from './pull-runner.ts'

test('why a pull in its time could not begin is logged where the database is gone, too', async () => {
  const logged: unknown[] = []
  const gone = (): never => {
    throw new Error('no database')
  }
  const context = {
    db: { selectFrom: gone, updateTable: gone } as unknown,
    turns: new Turns(),
    now: () => 0,
    log: createLogger({ destination: { write: (line) => void logged.push(JSON.parse(line)) } }),
  } as ServiceContext
  const runner = new PullRunner(context, async () => {
    throw new Error('the sketch is closed')
  })
  const user = { id: 1, username: 'ana', is_admin: 0 }
  const ana = makePrincipal(user, { via: 'local', scopes: ALL_SCOPES, address: 'scheduler' })
  const row = { name: 'edr', next_pull_ms: 0, failures: 0 } as Selectable<ConnectorRow>
  await runner.pullScheduled(ana, row)
  await runner.stop()
  expect(logged).toMatchObject([
    { connector: 'edr', err: { message: 'no database' } },
    { connector: 'edr', err: { message: 'the sketch is closed' } },
    { connector: 'edr', err: { message: 'no database' } },
  ])
})
