import type { AppContext, SketchCall } from '../../../../http/app-types.ts'
import { abort } from '../../errors.ts'
import { readBody, text } from '../../request.ts'
import type { TimesketchRouter } from '../../router.ts'

/** What Timesketch asks language models for. */
const FEATURES = new Set([
  'nl2q',
  'llm_summarize',
  'llm_synthesize',
  'llm_starred_events_report',
  'log_analyzer',
])

/** `/sketches/<id>/llm/` of a server that no provider of language models is set up on (Timesketch 20261014: api/v1/resources/llm.py). */
export function routeLlm(router: TimesketchRouter): void {
  router.sketch('POST', '/sketches/:sketchId/llm/', 'write', answer)
}

async function answer(c: AppContext, _call: SketchCall): Promise<Response> {
  const body = await readBody(c)
  if (Object.keys(body).length === 0) abort(400, 'The POST request requires JSON data in the body.')
  const feature = text(body, 'feature') || abort(400, "The 'feature' parameter is required.")
  if (!FEATURES.has(feature.toLowerCase())) abort(400, `Invalid LLM feature: ${feature.slice(0, 100)}`)
  return abort(500, 'Error initializing LLM provider: no provider is configured on this server.')
}
