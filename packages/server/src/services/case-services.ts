import type { AggregationService } from './aggregations/aggregation-service.ts'
import { createAggregationService } from './aggregations/create-aggregation-service.ts'
import { createDataFinderService } from './data-finder/create-data-finder-service.ts'
import type { DataFinderService } from './data-finder/data-finder-service.ts'
import { createGraphService } from './graphs/create-graph-service.ts'
import type { GraphService } from './graphs/graph-service.ts'
import { createIntelligenceService, type IntelligenceService } from './intelligence/intelligence-service.ts'
import { createScenarioService } from './scenarios/create-scenario-service.ts'
import type { ScenarioService } from './scenarios/scenario-service.ts'
import { createSearchTemplateService } from './search-templates/create-search-template-service.ts'
import type { SearchTemplateService } from './search-templates/search-template-service.ts'
import type { ServiceContext } from './service-context.ts'
import type { Services } from './services.ts'
import { createStoryService } from './stories/create-story-service.ts'
import type { StoryService } from './stories/story-service.ts'

/** What people make of a case beside marks. */
export interface CaseServices {
  readonly aggregations: AggregationService
  readonly stories: StoryService
  readonly graphs: GraphService
  readonly searchTemplates: SearchTemplateService
  readonly scenarios: ScenarioService
  readonly dataFinder: DataFinderService
  readonly intelligence: IntelligenceService
}

/** Makes them all. */
export function createCaseServices(
  context: ServiceContext,
  { explore, savedSearches, marks }: Pick<Services, 'explore' | 'savedSearches' | 'marks'>,
): CaseServices {
  const searchTemplates = createSearchTemplateService(context, savedSearches)
  return {
    aggregations: createAggregationService(context),
    stories: createStoryService(context),
    graphs: createGraphService(context, explore),
    searchTemplates,
    scenarios: createScenarioService(context, { searchTemplates, marks }),
    dataFinder: createDataFinderService(context, explore),
    intelligence: createIntelligenceService(context.config),
  }
}
