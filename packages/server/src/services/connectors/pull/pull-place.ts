import type { Selectable } from 'kysely'
import type { ConnectorRow } from '../../../db/connector-schema.ts'
import type { StretchPool } from '../../../import/threads/stretch-pool.ts'
import type { ServiceContext } from '../../service-context.ts'

/** Where a pull stores what it brings, and with what. */
export interface PullPlace {
  readonly context: ServiceContext
  readonly pool: StretchPool
  readonly connector: Selectable<ConnectorRow>
}
