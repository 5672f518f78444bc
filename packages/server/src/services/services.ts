import type { EventStore } from '@timeskein/store'
import type { AuthService } from '../auth/auth-service.ts'
import type { ImportService } from '../import/import-service.ts'
import type { AccessService } from './access/access-service.ts'
import type { AnalyzerService } from './analyzers/analyzer-service.ts'
import type { AuditService } from './audit/audit-service.ts'
import type { CaseServices } from './case-services.ts'
import type { ChangeFeed } from './changes/change-feed.ts'
import type { ConnectorService } from './connectors/connector-service.ts'
import type { DetectionServices } from './detection-services.ts'
import type { EventService } from './events/event-service.ts'
import type { ExploreService } from './explore/explore-service.ts'
import type { MarkService } from './marks/mark-service.ts'
import type { PlatformKeyService } from './platform-keys/platform-key-service.ts'
import type { PlatformTokenService } from './platform-keys/platform-token-service.ts'
import type { PlatformLimitService } from './platform-limits/platform-limit-service.ts'
import type { SearchIndexService } from './search-indexes/search-index-service.ts'
import type { SavedSearchService } from './searches/saved-search-service.ts'
import type { SearchHistoryService } from './searches/search-history-service.ts'
import type { SketchAttributeService } from './sketches/sketch-attribute-service.ts'
import type { SketchService } from './sketches/sketch-service.ts'
import type { DataSourceService } from './timelines/data-source-service.ts'
import type { TimelineService } from './timelines/timeline-service.ts'
import type { GroupService } from './users/group-service.ts'
import type { UserService } from './users/user-service.ts'
import type { WorkspaceServices } from './workspace-services.ts'

/** Everything that can be done, without wire shapes. Dialects, the command line and tests call these and nothing below them. */
export interface Services extends CaseServices, DetectionServices, WorkspaceServices {
  readonly auth: AuthService
  readonly platformKeys: PlatformKeyService
  readonly platformTokens: PlatformTokenService
  readonly platformLimits: PlatformLimitService
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
  readonly analyzers: AnalyzerService
  readonly imports: ImportService
  readonly connectors: ConnectorService
  readonly audit: AuditService
  readonly changes: ChangeFeed
  /** The store beneath; for `doctor` and tests. */
  readonly store: EventStore
}
