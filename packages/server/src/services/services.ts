import type { EventStore } from '@timeskein/store'
import type { AuthService } from '../auth/auth-service.ts'
import type { ImportService } from '../import/import-service.ts'
import type { AccessService } from './access-service.ts'
import type { AuditService } from './audit-service.ts'
import type { ChangeFeed } from './change-feed.ts'
import type { DataSourceService } from './data-source-service.ts'
import type { EventService } from './event-service.ts'
import type { ExploreService } from './explore-service.ts'
import type { GroupService } from './group-service.ts'
import type { MarkService } from './mark-service.ts'
import type { SavedSearchService } from './saved-search-service.ts'
import type { SearchHistoryService } from './search-history-service.ts'
import type { SearchIndexService } from './search-index-service.ts'
import type { SketchAttributeService } from './sketch-attribute-service.ts'
import type { SketchService } from './sketch-service.ts'
import type { TimelineService } from './timeline-service.ts'
import type { UserService } from './user-service.ts'

/** Everything that can be done, without wire shapes. Dialects, the command line and tests call these and nothing below them. */
export interface Services {
  readonly auth: AuthService
  readonly users: UserService
  readonly groups: GroupService
  readonly sketches: SketchService
  readonly access: AccessService
  readonly searchIndexes: SearchIndexService
  readonly timelines: TimelineService
  readonly dataSources: DataSourceService
  readonly savedSearches: SavedSearchService
  readonly searchHistory: SearchHistoryService
  readonly explore: ExploreService
  readonly marks: MarkService
  readonly events: EventService
  readonly sketchAttributes: SketchAttributeService
  readonly imports: ImportService
  readonly audit: AuditService
  readonly changes: ChangeFeed
  /** The store beneath; for `doctor` and tests. */
  readonly store: EventStore
}
