import type { SearchResult } from '@timeskein/store'
import type { Principal } from '../../auth/principal.ts'
import { invalid, notFound } from '../../errors/domain-error.ts'
import { createEventView } from '../events/create-event-view.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Timeline } from '../timelines/timeline-service.ts'
import { requireAggregations } from './check-aggregations.ts'
import type {
  ExploreQuestion,
  ExploreRequest,
  ExploreResult,
  ExploreService,
  ResolvedScope,
} from './explore-service.ts'
import { noteQuestion } from './note-question.ts'
import { requireAskedSketch } from './require-asked-sketch.ts'
import { resolveScope } from './resolve-scope.ts'
import { ScrollRegistry } from './scroll-registry.ts'

/** Ids of events that one entry of the audit log names. */
const MAX_NOTED_IDS = 20

/** Questions, resolved to timelines and put to the store. */
export function createExploreService(context: ServiceContext): ExploreService {
  const { access, audit, store, metrics } = context
  const scrolls = new ScrollRegistry(context.now)

  const prepare = async (principal: Principal, question: ExploreQuestion): Promise<ResolvedScope> => {
    await requireAskedSketch(access, principal, question.sketchId, question.selection)
    const resolved = await resolveScope(context, question.sketchId, question.selection)
    // A sketch that has nothing to be searched has no such event; a selection that means nothing is a mistake.
    if (resolved.timelines.length === 0 && question.selection !== undefined) {
      throw invalid('no-timelines', 'No timeline that can be searched was selected.', {
        sketchId: question.sketchId,
      })
    }
    return resolved
  }
  const ask = async (request: ExploreRequest, resolved: ResolvedScope): Promise<ExploreResult> => {
    requireAggregations(request.aggregations ?? {})
    const result = await store.search({
      ...pickOptions(request),
      scope: resolved.scope,
      query: request.query,
      sort: request.sort ?? 'asc',
      size: request.size,
      ...(request.from === undefined ? {} : { from: request.from }),
      ...(request.after === undefined ? {} : { after: request.after }),
      ...(request.aggregations === undefined ? {} : { aggregations: request.aggregations }),
    })
    return toResult(result, request.sketchId, resolved.timelines)
  }

  const service: ExploreService = {
    resolveScope: (sketchId, selection) => resolveScope(context, sketchId, selection),
    async search(principal, request) {
      const resolved = await prepare(principal, request)
      await noteQuestion(context, principal, 'event.search', request, resolved)
      const stop = metrics.searchSeconds.startTimer({ kind: 'search' })
      try {
        return await ask(request, resolved)
      } finally {
        stop()
      }
    },
    async count(principal, question) {
      const resolved = await prepare(principal, question)
      await noteQuestion(context, principal, 'event.count', question, resolved)
      const stop = metrics.searchSeconds.startTimer({ kind: 'count' })
      try {
        return await store.count({ ...pickOptions(question), scope: resolved.scope, query: question.query })
      } finally {
        stop()
      }
    },
    async *scan(principal, question) {
      const resolved = await prepare(principal, question)
      await noteQuestion(context, principal, 'event.scan', question, resolved)
      const pages = store.scan({
        ...pickOptions(question),
        scope: resolved.scope,
        query: question.query,
        ...(question.sort === undefined ? {} : { sort: question.sort }),
        ...(question.pageSize === undefined ? {} : { pageSize: question.pageSize }),
        ...(question.after === undefined ? {} : { after: question.after }),
      })
      for await (const page of pages) yield page.map((event) => createEventView(event, question.sketchId))
    },
    async openScroll(principal, request) {
      const result = await service.search(principal, request)
      if (!result.next) return { ...result, scrollId: undefined }
      const scrollId = scrolls.open({
        userId: principal.userId,
        request: withoutOptions(request),
        after: result.next,
        total: result.total,
      })
      return { ...result, scrollId }
    },
    async nextScrollPage(principal, sketchId, scrollId, options = {}) {
      const scroll = scrolls.find(scrollId)
      if (scroll?.userId !== principal.userId || scroll.request.sketchId !== sketchId) {
        throw notFound('scroll', scrollId.slice(0, 64))
      }
      const request: ExploreRequest = { ...scroll.request, ...options, after: scroll.after }
      const resolved = await prepare(principal, request)
      await noteQuestion(context, principal, 'event.search', request, resolved)
      const stop = metrics.searchSeconds.startTimer({ kind: 'scroll' })
      try {
        if (scroll.isEnded) {
          return { ...EMPTY_PAGE, total: scroll.total, timelines: resolved.timelines, scrollId: undefined }
        }
        const result = await ask(request, resolved)
        scrolls.advance(
          scrollId,
          result.next ? { ...scroll, after: result.next } : { ...scroll, isEnded: true },
        )
        return { ...result, total: scroll.total, scrollId: result.next ? scrollId : undefined }
      } finally {
        stop()
      }
    },
    async closeScroll(principal, scrollId) {
      if (scrolls.find(scrollId)?.userId === principal.userId) scrolls.close(scrollId)
    },
    async fields(principal, sketchId, selection, wanted) {
      await requireAskedSketch(access, principal, sketchId, selection)
      const resolved = await resolveScope(context, sketchId, selection)
      return resolved.scope.length === 0 ? [] : await store.listFields(resolved.scope, wanted)
    },
    async getEvents(principal, sketchId, ids, options = {}) {
      await access.requireOpenSketch(principal, sketchId, 'read')
      const resolved = await resolveScope(context, sketchId, {
        entries: 'all',
        includeProcessing: options.includeProcessing ?? false,
      })
      if (resolved.scope.length === 0) return ids.map(() => undefined)
      if (!options.isStep) {
        await audit.note(principal, {
          action: 'event.read',
          subject: `sketch/${sketchId}`,
          sketchId,
          details: { count: ids.length, ids: ids.slice(0, MAX_NOTED_IDS).map((id) => id.slice(0, 64)) },
        })
      }
      const events = await store.getEvents(resolved.scope, ids)
      return events.map((event) => event && createEventView(event, sketchId))
    },
    async explain(principal, request) {
      const resolved = await prepare(principal, request)
      await noteQuestion(context, principal, 'event.explain', request, resolved)
      return await store.explain({
        scope: resolved.scope,
        query: request.query,
        sort: request.sort ?? 'asc',
        size: request.size,
        ...(request.from === undefined ? {} : { from: request.from }),
        ...(request.aggregations === undefined ? {} : { aggregations: request.aggregations }),
      })
    },
  }
  return service
}

/** What comes after the last page of a scroll. */
const EMPTY_PAGE = {
  events: [],
  countByIndex: new Map<string, number>(),
  countByTimeline: new Map<number, number>(),
  aggregations: {},
  next: undefined,
  tookMs: 0,
  complete: true,
  incompleteReason: undefined,
} as const

function toResult(result: SearchResult, sketchId: number, timelines: readonly Timeline[]): ExploreResult {
  return { ...result, events: result.events.map((event) => createEventView(event, sketchId)), timelines }
}

function pickOptions(
  question: ExploreQuestion,
): Pick<ExploreQuestion, 'signal' | 'timeLimitMs' | 'onProgress'> {
  return {
    ...(question.signal === undefined ? {} : { signal: question.signal }),
    ...(question.timeLimitMs === undefined ? {} : { timeLimitMs: question.timeLimitMs }),
    ...(question.onProgress === undefined ? {} : { onProgress: question.onProgress }),
  }
}

/** What is kept of a request between pages: the question, not the caller's signal, and no aggregations (the first page had them). */
function withoutOptions(request: ExploreRequest): ExploreRequest {
  const {
    signal: _signal,
    onProgress: _onProgress,
    aggregations: _aggregations,
    from: _from,
    ...question
  } = request
  return question
}
