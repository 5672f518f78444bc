import type { AggregationService } from './aggregations/aggregation-service.ts'
import { createAggregationService } from './aggregations/create-aggregation-service.ts'
import type { ExploreService } from './explore/explore-service.ts'
import { createGraphService } from './graphs/create-graph-service.ts'
import type { GraphService } from './graphs/graph-service.ts'
import type { ServiceContext } from './service-context.ts'
import { createStoryService } from './stories/create-story-service.ts'
import type { StoryService } from './stories/story-service.ts'

/** What people make of a case beside marks. */
export interface CaseServices {
  readonly aggregations: AggregationService
  readonly stories: StoryService
  readonly graphs: GraphService
}

/** Makes them all. */
export function createCaseServices(context: ServiceContext, explore: ExploreService): CaseServices {
  return {
    aggregations: createAggregationService(context),
    stories: createStoryService(context),
    graphs: createGraphService(context, explore),
  }
}
