import type {
  Analysis,
  AnalysisSession,
  AnalyzerInfo,
} from '../../../../services/analyzers/analyzer-service.ts'
import { modelDate } from '../dates.ts'
import { pythonJson } from '../python-json.ts'
import { marshalStatus } from '../status.ts'
import { marshalTimeline } from '../timeline.ts'
import { marshalUser } from '../user.ts'

/** A line of the list of analyzers. */
export function marshalAnalyzer(analyzer: AnalyzerInfo): Record<string, unknown> {
  return {
    name: analyzer.name,
    display_name: analyzer.displayName,
    description: analyzer.description,
    is_multi: analyzer.isMulti,
    is_dfiq: false,
  }
}

/** Analyses with their timelines, each of which is written once for all of its own. */
export function marshalAnalyses(analyses: readonly Analysis[]): readonly Record<string, unknown>[] {
  const timelines = new Map<number, Record<string, unknown>>()
  return analyses.map((analysis) => {
    const { timeline } = analysis
    const marshalled = timelines.get(timeline.id) ?? marshalTimeline(timeline)
    timelines.set(timeline.id, marshalled)
    return {
      id: analysis.id,
      name: analysis.analyzer,
      description: analysis.analyzer,
      analyzer_name: analysis.analyzer,
      parameters: pythonJson(JSON.parse(analysis.parametersJson)),
      result: analysis.result ?? null,
      log: analysis.log ?? null,
      analysissession_id: analysis.sessionId,
      user: marshalUser(analysis.owner),
      timeline: marshalled,
      status: marshalStatus(analysis),
      created_at: modelDate(analysis.createdAtMs),
      updated_at: modelDate(analysis.updatedAtMs),
    }
  })
}

/** A session with its analyses. */
export function marshalSession(session: AnalysisSession): Record<string, unknown> {
  return {
    id: session.id,
    user: marshalUser(session.owner),
    analyses: marshalAnalyses(session.analyses),
    created_at: modelDate(session.createdAtMs),
    updated_at: modelDate(session.updatedAtMs),
  }
}
