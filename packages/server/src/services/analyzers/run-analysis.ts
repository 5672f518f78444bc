import {
  AnalyzerFailure,
  type AnalyzerRun,
  type AnalyzerSettings,
  type EventSource,
} from '@timeskein/analyze'
import { isQueryError } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import { isDomainError } from '../../errors/domain-error.ts'
import type { EventView } from '../events/event-view.ts'
import { undoGroup } from '../marks/undo-group.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Services } from '../services.ts'
import type { Analysis, AnalysisStatus } from './analyzer-service.ts'
import { type CaseWorkServices, createCaseWork } from './create-case-work.ts'
import type { AnyAnalyzer } from './house-analyzer.ts'
import { MarkWriter } from './mark-writer.ts'

/** What analyses work with. */
export type AnalysisServices = CaseWorkServices & Pick<Services, 'explore' | 'marks'>

/** An end that somebody, or the end of the process, brought about; the message is what the analysis says. */
export class AnalysisCancelled extends Error {
  override readonly name = 'AnalysisCancelled'
}

/** Longest result that is kept, in UTF-16 units; what is longer is cut and says so. */
const MAX_RESULT_LENGTH = 1_048_576

/**
 * Carries out one analysis to its recorded end. Its marks are there whole or not at all: those of one that fails or is cancelled are
 * taken back. Fails only when its end cannot be recorded.
 */
export async function runAnalysis(
  context: ServiceContext,
  services: AnalysisServices,
  principal: Principal,
  analysis: Analysis,
  {
    analyzer,
    settings,
    signal,
  }: { analyzer: AnyAnalyzer | undefined; settings: AnalyzerSettings; signal: AbortSignal },
): Promise<void> {
  const log: string[] = []
  try {
    signal.throwIfAborted()
    if (!analyzer) throw new AnalyzerFailure(`There is no analyzer ${analysis.analyzer}.`)
    await setStatus(context, analysis, 'STARTED')
    const result = await work(context, services, principal, analysis, { analyzer, settings, signal, log })
    await setStatus(context, analysis, 'DONE', { result, log })
  } catch (error) {
    const isExpected = isToldToPeople(error)
    if (!isExpected) context.log.error({ err: error, analysisId: analysis.id }, 'an analysis failed')
    const undone = await takeBack(context, principal, analysis)
    const reason = isExpected
      ? (error as Error).message
      : `The analyzer failed: ${error instanceof Error ? error.message : String(error)}`
    await setStatus(context, analysis, 'ERROR', { result: reason, log: [...log, ...undone] })
  }
}

async function work(
  context: ServiceContext,
  services: AnalysisServices,
  principal: Principal,
  analysis: Analysis,
  {
    analyzer,
    settings,
    signal,
    log,
  }: { analyzer: AnyAnalyzer; settings: AnalyzerSettings; signal: AbortSignal; log: string[] },
): Promise<string> {
  const { sketchId, timeline } = analysis
  const writer = new MarkWriter(services.marks, {
    principal,
    sketchId,
    analyzer: analyzer.name,
    groupId: analysis.markGroup,
    signal,
  })
  const events: EventSource = {
    read: (query) =>
      services.explore.scan(principal, {
        sketchId,
        selection: { entries: [timeline.id] },
        query,
        signal,
        isStep: true,
      }),
  }
  const origin = { principal, sketchId, analyzer: analyzer.name, nowMs: context.now() }
  const run: AnalyzerRun = {
    parameters: JSON.parse(analysis.parametersJson),
    settings,
    sketchId,
    timeline: { id: timeline.id, name: timeline.name },
    events,
    work: createCaseWork(services, origin),
    // Events come from `events` above, whose pages are views.
    mark: (event, marks) => writer.add(event as EventView, marks),
    log: (line) => log.push(line),
    signal,
  }
  const result = 'run' in analyzer ? await analyzer.run(run) : await analyzer.runFor(principal, run)
  await writer.flush()
  for (const [field, count] of writer.kept)
    log.push(
      `${count} ${count === 1 ? 'event has' : 'events have'} a field ${field} of their own, which was kept as the evidence has it.`,
    )
  return result
}

async function takeBack(
  context: ServiceContext,
  principal: Principal,
  { id, markGroup }: Analysis,
): Promise<readonly string[]> {
  try {
    const count = await undoGroup(context, principal, markGroup)
    return count === 0 ? [] : [`What it had marked was taken back (${count} operations).`]
  } catch (error) {
    context.log.error({ err: error, analysisId: id }, 'marks of a failed analysis could not be taken back')
    return ['What it had marked could not be taken back.']
  }
}

async function setStatus(
  { db, now }: Pick<ServiceContext, 'db' | 'now'>,
  analysis: Analysis,
  status: AnalysisStatus,
  end?: { readonly result: string; readonly log: readonly string[] },
): Promise<void> {
  const atMs = now()
  await db
    .updateTable('analyses')
    .set({
      status,
      status_changed_at_ms: atMs,
      updated_at_ms: atMs,
      ...(end === undefined
        ? {}
        : { result: cut(end.result), log: end.log.length === 0 ? null : cut(end.log.join('\n')) }),
    })
    .where('id', '=', analysis.id)
    .execute()
  await db
    .updateTable('analysis_sessions')
    .set({ updated_at_ms: atMs })
    .where('id', '=', analysis.sessionId)
    .execute()
}

function cut(text: string): string {
  if (text.length <= MAX_RESULT_LENGTH) return text
  return `${text.slice(0, MAX_RESULT_LENGTH)}… (${text.length} characters)`
}

/** Whether an error's message is meant for whoever started the analysis. */
function isToldToPeople(error: unknown): boolean {
  return (
    error instanceof AnalyzerFailure ||
    error instanceof AnalysisCancelled ||
    isDomainError(error) ||
    isQueryError(error)
  )
}
