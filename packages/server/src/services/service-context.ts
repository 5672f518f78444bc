import type { EventStore } from '@timeskein/store'
import type { Kysely } from 'kysely'
import type { Logger } from 'pino'
import type { Principal } from '../auth/principal.ts'
import type { SecretBox } from '../auth/secret-box.ts'
import type { Schema } from '../db/schema.ts'
import type { MetadataDatabase } from '../db/sqlite-database.ts'
import type { Metrics } from '../metrics.ts'
import type { AccessService } from './access/access-service.ts'
import type { StructureCache } from './access/structure-cache.ts'
import type { AuditService } from './audit/audit-service.ts'
import type { ChangeFeed } from './changes/change-feed.ts'
import type { ConfigFolder } from './config/config-folder.ts'
import type { Turns } from './turns.ts'

/** What services stand on. */
export interface ServiceContext {
  readonly db: Kysely<Schema>
  /** See `MetadataDatabase.sync`. */
  readonly syncDatabase: () => Promise<void>
  /** See `MetadataDatabase.writeInThread`. */
  readonly writeInThread: MetadataDatabase['writeInThread']
  readonly store: EventStore
  readonly log: Logger
  readonly metrics: Metrics
  readonly audit: AuditService
  readonly changes: ChangeFeed
  readonly access: AccessService
  readonly cache: StructureCache
  readonly config: ConfigFolder
  /** For what must be read again and nobody else may read. */
  readonly secrets: SecretBox
  /** Shared by all services of the process; each says at its use what the name stands for. */
  readonly turns: Turns
  /** Folder of rejected rows. */
  readonly rejectsDirectory: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Cancels what is being imported into these timelines and resolves when it is rolled back. */
  readonly cancelImports: (timelineIds: readonly number[]) => Promise<void>
  /** Resolves when imports rest, or the signal aborts: for work that would only compete with them. */
  readonly untilImportsRest: (signal: AbortSignal) => Promise<void>
  /** Events came into a sketch: what looks at them does so behind it. */
  readonly lookAtEvents: (principal: Principal, sketchId: number) => void
}
