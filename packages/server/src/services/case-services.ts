import type { AggregationService } from './aggregations/aggregation-service.ts'
import { createAggregationService } from './aggregations/create-aggregation-service.ts'
import type { ServiceContext } from './service-context.ts'
import { createStoryService } from './stories/create-story-service.ts'
import type { StoryService } from './stories/story-service.ts'

/** What people make of a case beside marks. */
export interface CaseServices {
  readonly aggregations: AggregationService
  readonly stories: StoryService
}

/** Makes them all; they need nothing of each other. */
export function createCaseServices(context: ServiceContext): CaseServices {
  return {
    aggregations: createAggregationService(context),
    stories: createStoryService(context),
  }
}
