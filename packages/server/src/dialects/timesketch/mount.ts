import type { App, DialectDeps } from '../../http/app-types.ts'
import { answerError } from './errors.ts'
import { createTimesketchRouter } from './router.ts'
import { routeAnnotate } from './routes/annotate.ts'
import { routeArchive } from './routes/archive.ts'
import { routeAggregation } from './routes/case/aggregation.ts'
import { routeAggregationGroups } from './routes/case/aggregation-groups.ts'
import { routeAnalyzers } from './routes/case/analyzers.ts'
import { routeDataFinder } from './routes/case/data-finder.ts'
import { routeGraphs } from './routes/case/graphs.ts'
import { routeIntelligence } from './routes/case/intelligence.ts'
import { routeLlm } from './routes/case/llm.ts'
import { routeQuestions } from './routes/case/questions.ts'
import { routeSavedAggregations } from './routes/case/saved-aggregations.ts'
import { routeScenarios } from './routes/case/scenarios.ts'
import { routeSearchTemplates } from './routes/case/search-templates.ts'
import { routeStories } from './routes/case/stories.ts'
import { routeCollaborators } from './routes/collaborators.ts'
import { routeDataSources } from './routes/data-sources.ts'
import { routeEventAttributes } from './routes/event-attributes.ts'
import { routeEvents } from './routes/events.ts'
import { routeExplore } from './routes/explore.ts'
import { routeExploreQuery } from './routes/explore-query.ts'
import { routeExportStream } from './routes/export-stream.ts'
import { routeLogin } from './routes/login.ts'
import { routeOlderSigma } from './routes/older-sigma.ts'
import { routeSearchHistory } from './routes/search-history.ts'
import { routeSearchIndices } from './routes/search-indices.ts'
import { routeSettings } from './routes/settings.ts'
import { routeSigmaRules } from './routes/sigma-rules.ts'
import { routeSketch } from './routes/sketch.ts'
import { routeSketchAttributes } from './routes/sketch-attributes.ts'
import { routeSketches } from './routes/sketches.ts'
import { routeTagging } from './routes/tagging.ts'
import { routeTasks } from './routes/tasks.ts'
import { routeTimelines } from './routes/timelines.ts'
import { routeUpload } from './routes/upload.ts'
import { routeUsers } from './routes/users.ts'
import { routeViews } from './routes/views.ts'

/**
 * Mounts Timesketch's REST API (version 20261014) at `/api/v1`, with its sign-in pages and a home page, so that the official
 * Python packages work with nothing but the address changed.
 */
export function mountTimesketch(_app: App, deps: DialectDeps): void {
  const router = createTimesketchRouter(deps.defineDialect({ name: 'timesketch', onError: answerError }))
  routeLogin(router, deps)
  routeUsers(router)
  routeSettings(router)
  routeSketches(router)
  routeSketch(router)
  routeCollaborators(router)
  routeArchive(router)
  routeTimelines(router)
  routeSearchIndices(router)
  routeUpload(router, deps)
  routeTasks(router)
  routeDataSources(router)
  routeExplore(router)
  routeExploreQuery(router)
  routeExportStream(router)
  routeSearchHistory(router)
  routeEvents(router)
  routeAnnotate(router)
  routeTagging(router)
  routeEventAttributes(router)
  routeViews(router)
  routeSearchTemplates(router)
  routeSketchAttributes(router)
  routeAggregation(router)
  // Before the saved ones: its path is one of theirs.
  routeAggregationGroups(router)
  routeSavedAggregations(router)
  routeStories(router)
  routeGraphs(router)
  routeAnalyzers(router)
  routeScenarios(router)
  routeQuestions(router)
  routeDataFinder(router)
  routeIntelligence(router)
  routeLlm(router)
  routeSigmaRules(router)
  routeOlderSigma(router)
  router.declareRest()
}
