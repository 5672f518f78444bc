import { sendJson } from '../reply.ts'
import type { TimesketchRouter } from '../router.ts'
import { flat } from '../wire/envelope.ts'

/** The version of Timesketch whose API this is; clients show it. */
export const TIMESKETCH_VERSION = '20261014'

/** `/version/` and `/settings/` (Timesketch 20261014: api/v1/resources: information.py and settings.py). */
export function routeSettings(router: TimesketchRouter): void {
  router.user('GET', '/version/', (c) =>
    sendJson(c, flat([], { version: TIMESKETCH_VERSION, plaso_version: 'N/A' })),
  )
  router.user('GET', '/settings/', async (c, { services }) => {
    const catalogue = await services.scenarios.catalogue()
    return sendJson(c, { ...SETTINGS, DFIQ_ENABLED: catalogue !== undefined })
  })
}

/** What this server can do of what Timesketch's servers can be set up to do. */
const SETTINGS = {
  ENABLE_V3_INVESTIGATION_VIEW: false,
  LLM_FEATURES_AVAILABLE: {
    default: false,
    llm_starred_events_report: false,
    llm_summarize: false,
    llm_synthesize: false,
    log_analyzer: false,
    nl2q: false,
  },
  LOG_ANALYZER_DEFAULT_PROMPT: '',
  OPENSEARCH_WILDCARD_DEFAULT: false,
  SEARCH_PROCESSING_TIMELINES: false,
}
