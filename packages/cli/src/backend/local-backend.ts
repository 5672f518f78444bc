import { resolve } from 'node:path'
import { type ApiImportPreview, formatIsoTime } from '@timeskein/model'
import {
  chooseInterval,
  diagnose,
  type EventView,
  type ExploreRequest,
  findEventIds,
  type ImportJob,
  type KeyScope,
  type MarkOperationRecord,
  type MarkResult,
  openSystem,
  type Principal,
  previewEvidence,
  readQuestion,
  STAR_LABEL,
  type System,
  type Timeline,
  toApiOperation,
  toApiSketch,
  toApiTimeline,
  toApiUser,
  type User,
} from '@timeskein/server'
import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type {
  Backend,
  EventRow,
  FieldRow,
  Finding,
  HistogramAnswer,
  HistoryRow,
  ImportFile,
  ImportFilesRequest,
  ImportReadingOptions,
  ImportReport,
  KeyRow,
  MarkReport,
  MarkRequest,
  Question,
  SearchAnswer,
  SketchRow,
  SortOrder,
  TimelineRow,
  TopAnswer,
  UserRow,
} from './backend.ts'
import { createEventRow } from './event-row.ts'

const LIST_PAGE = 500
const AUTO_BUCKETS = 50
const PREVIEW_ROWS = 5

/** Opens a data directory in this process, acting as one of its users. */
export async function openLocalBackend(options: {
  dataDirectory: string
  username: string
}): Promise<Backend> {
  const system = await openSystem({ dataDirectory: options.dataDirectory })
  try {
    const principal = await system.services.auth.localPrincipal(options.username)
    return new LocalBackend(system, principal, { closesSystem: true })
  } catch (error) {
    await system.close()
    throw error
  }
}

/** Does the work in this process, on an open system. */
export class LocalBackend implements Backend {
  readonly place: string
  readonly notes: readonly string[]
  readonly #system: System
  readonly #principal: Principal
  readonly #closesSystem: boolean

  constructor(system: System, principal: Principal, options: { closesSystem?: boolean } = {}) {
    this.place = system.dataDirectory
    this.#system = system
    this.#principal = principal
    this.#closesSystem = options.closesSystem ?? false
    this.notes = [
      ...system.recovery.map((note) => note.message),
      ...(system.firstAdmin
        ? [
            `first run: the administrator ${system.firstAdmin.username} has the password ${system.firstAdmin.password} (shown this once)`,
          ]
        : []),
    ]
  }

  get #services() {
    return this.#system.services
  }

  async listUsers(): Promise<readonly UserRow[]> {
    return (await this.#services.users.list()).map(toApiUser)
  }

  async addUser(user: { name: string; password: string; isAdmin: boolean }): Promise<UserRow> {
    return toApiUser(
      await this.#services.users.create(this.#principal, {
        username: user.name,
        password: user.password,
        isAdmin: user.isAdmin,
      }),
    )
  }

  async setPassword(name: string, password: string): Promise<void> {
    await this.#services.users.setPassword(this.#principal, (await this.#findUser(name)).id, password)
  }

  async disableUser(name: string): Promise<void> {
    await this.#services.users.setActive(this.#principal, (await this.#findUser(name)).id, false)
  }

  async createKey(key: {
    name: string
    scopes: readonly string[]
    user?: string
  }): Promise<{ id: number; key: string }> {
    const made = await this.#services.auth.createApiKey(this.#principal, {
      name: key.name,
      scopes: key.scopes.map(toKeyScope),
      ...(key.user === undefined ? {} : { userId: (await this.#findUser(key.user)).id }),
    })
    return { id: made.apiKey.id, key: made.key }
  }

  async listKeys(): Promise<readonly KeyRow[]> {
    const keys = await this.#services.auth.listApiKeys(this.#principal, { all: this.#principal.isAdmin })
    return keys.map((key) => ({
      id: key.id,
      user: key.username,
      name: key.name,
      prefix: key.prefix,
      scopes: key.scopes,
      isRevoked: key.revokedAtMs !== undefined,
    }))
  }

  async revokeKey(id: number): Promise<void> {
    await this.#services.auth.revokeApiKey(this.#principal, id)
  }

  async listSketches(): Promise<readonly SketchRow[]> {
    const rows: SketchRow[] = []
    for (let page = 1; ; page += 1) {
      const found = await this.#services.sketches.list(this.#principal, {
        scope: this.#principal.isAdmin ? 'admin' : 'all',
        page,
        perPage: LIST_PAGE,
        includeArchived: true,
      })
      rows.push(...found.sketches.map(toApiSketch))
      if (page >= found.totalPages) return rows
    }
  }

  async findSketch(nameOrId: string): Promise<SketchRow> {
    return toApiSketch(await this.#services.sketches.resolve(this.#principal, nameOrId))
  }

  async createSketch(name: string, description?: string): Promise<SketchRow> {
    return toApiSketch(
      await this.#services.sketches.create(this.#principal, {
        name,
        ...(description === undefined ? {} : { description }),
      }),
    )
  }

  async renameSketch(sketchId: number, name: string): Promise<SketchRow> {
    return toApiSketch(await this.#services.sketches.update(this.#principal, sketchId, { name }))
  }

  async deleteSketch(sketchId: number): Promise<void> {
    await this.#services.sketches.delete(this.#principal, sketchId, { force: this.#principal.isAdmin })
  }

  async listTimelines(sketchId: number): Promise<readonly TimelineRow[]> {
    const timelines = await this.#services.timelines.list(this.#principal, sketchId)
    const stats = await this.#services.timelines.stats(timelines)
    return timelines.map((timeline) => {
      const row = toApiTimeline(timeline, stats.get(timeline.id))
      return { ...row, first: row.first, last: row.last }
    })
  }

  async renameTimeline(sketchId: number, timelineId: number, name: string): Promise<void> {
    await this.#services.timelines.update(this.#principal, sketchId, timelineId, { name })
  }

  async deleteTimeline(sketchId: number, timelineId: number): Promise<void> {
    await this.#services.timelines.delete(this.#principal, sketchId, timelineId)
  }

  async importFiles(request: ImportFilesRequest): Promise<ImportReport> {
    const started = await this.#services.imports.start(this.#principal, {
      sketchId: request.sketchId,
      timeline: { name: request.timeline },
      inputs: request.files.map((file) =>
        'path' in file ? { path: resolve(file.path), name: file.path } : { stream: file.stdin, name: '-' },
      ),
      reading: request.reading,
      ...(request.rejectsPath === undefined ? {} : { rejectsPath: request.rejectsPath }),
      signal: request.signal,
    })
    for await (const progress of this.#services.imports.watch(started.job.id))
      request.onProgress({
        file: progress.file,
        bytesDone: progress.bytesDone,
        bytesTotal: progress.bytesTotal,
        rows: progress.rowsStored,
      })
    return toImportReport(await started.ended)
  }

  async previewFile(
    file: ImportFile,
    reading: ImportReadingOptions,
    signal: AbortSignal,
  ): Promise<ApiImportPreview> {
    return await previewEvidence('path' in file ? { path: file.path } : { stream: file.stdin, name: '-' }, {
      ...reading,
      rowLimit: PREVIEW_ROWS,
      signal,
    })
  }

  async search(question: Question, page: { size: number; sort: SortOrder }): Promise<SearchAnswer> {
    const result = await this.#services.explore.search(this.#principal, toRequest(question, page))
    const names = nameTimelines(result.timelines)
    return {
      total: result.total,
      hits: result.events.map((event) => toEventRow(event, names)),
      tookMs: Math.round(result.tookMs),
      complete: result.complete,
      incompleteReason: result.incompleteReason,
    }
  }

  async *scan(
    question: Question,
    options: { sort: SortOrder | undefined },
  ): AsyncIterable<readonly EventRow[]> {
    const names = nameTimelines(await this.#services.timelines.list(this.#principal, question.sketchId))
    const pages = this.#services.explore.scan(this.#principal, {
      ...toQuestion(question),
      ...(options.sort === undefined ? {} : { sort: options.sort }),
    })
    for await (const page of pages) yield page.map((event) => toEventRow(event, names))
  }

  async count(question: Question): Promise<{ count: number; complete: boolean }> {
    return {
      count: await this.#services.explore.count(this.#principal, toQuestion(question)),
      complete: true,
    }
  }

  async histogram(question: Question, interval: string | undefined): Promise<HistogramAnswer> {
    const result = await this.#services.explore.search(this.#principal, {
      ...toRequest(question, { size: 0, sort: 'asc' }),
      aggregations: {
        time:
          interval === undefined
            ? { kind: 'auto_date_histogram', field: 'datetime', buckets: AUTO_BUCKETS }
            : { kind: 'date_histogram', field: 'datetime', interval: chooseInterval(interval), minCount: 1 },
      },
    })
    const found = result.aggregations['time']
    if (found?.kind !== 'buckets') throw new Error('the histogram did not come back as buckets')
    return {
      interval: found.interval ?? interval ?? '',
      buckets: found.buckets
        .filter((bucket) => bucket.count > 0)
        .map((bucket) => ({ time: formatIsoTime(BigInt(bucket.key) * 1000n), count: bucket.count })),
    }
  }

  async top(question: Question, field: string, size: number): Promise<TopAnswer> {
    const result = await this.#services.explore.search(this.#principal, {
      ...toRequest(question, { size: 0, sort: 'asc' }),
      aggregations: {
        top: { kind: 'terms', field, size, order: { by: '_count', direction: 'desc' }, minCount: 1 },
      },
    })
    const found = result.aggregations['top']
    if (found?.kind !== 'buckets') throw new Error('the values did not come back as buckets')
    return {
      buckets: found.buckets.map((bucket) => ({ value: bucket.key, count: bucket.count })),
      otherCount: found.otherCount,
    }
  }

  async explain(question: Question): Promise<readonly string[]> {
    return await this.#services.explore.explain(
      this.#principal,
      toRequest(question, { size: 50, sort: 'asc' }),
    )
  }

  async listFields(question: Question): Promise<readonly FieldRow[]> {
    const fields = await this.#services.explore.fields(
      this.#principal,
      question.sketchId,
      question.timeline === undefined ? undefined : { entries: [question.timeline] },
    )
    return fields.map(({ name, kinds, eventCount }) => ({ name, kinds, events: eventCount }))
  }

  async mark(request: MarkRequest): Promise<MarkReport> {
    const { sketchId, kind, value } = request
    const target = 'ids' in request.target ? request.target : toMarkTarget(request.target.question)
    const marks = this.#services.marks
    switch (kind) {
      case 'tag':
        return toMarkReport((await marks.addTags(this.#principal, sketchId, [value], target))[0])
      case 'untag':
        return toMarkReport((await marks.removeTags(this.#principal, sketchId, [value], target))[0])
      case 'star':
        return toMarkReport(await marks.addLabel(this.#principal, sketchId, STAR_LABEL, target))
      case 'unstar':
        return toMarkReport(await marks.removeLabel(this.#principal, sketchId, STAR_LABEL, target))
      case 'comment': {
        const ids =
          'ids' in request.target
            ? request.target.ids
            : await findEventIds(this.#services.explore, this.#principal, toQuestion(request.target.question))
        return toMarkReport((await marks.addComment(this.#principal, sketchId, ids, value)).result)
      }
      default:
        return kind satisfies never
    }
  }

  async history(sketchId: number, limit: number): Promise<readonly HistoryRow[]> {
    return (await this.#services.marks.history(this.#principal, sketchId, { limit })).map(toHistoryRow)
  }

  async undo(operationId: string): Promise<HistoryRow> {
    return toHistoryRow(await this.#services.marks.undo(this.#principal, operationId))
  }

  async diagnose(): Promise<readonly Finding[]> {
    return await diagnose(this.#system)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closesSystem) await this.#system.close()
  }

  async #findUser(name: string): Promise<User> {
    const user = await this.#services.users.findByName(name)
    if (!user) throw new CliError(`there is no user "${name}". See: skein user list`, EXIT.notFound)
    return user
  }
}

function toQuestion(question: Question) {
  return {
    sketchId: question.sketchId,
    query: readQuestion(question),
    ...(question.timeline === undefined ? {} : { selection: { entries: [question.timeline] } }),
    signal: question.signal,
  }
}

function toRequest(question: Question, page: { size: number; sort: SortOrder }): ExploreRequest {
  return { ...toQuestion(question), size: page.size, sort: page.sort }
}

function toMarkTarget(question: Question) {
  const { query, selection } = { selection: undefined, ...toQuestion(question) }
  return { query, queryText: question.query, ...(selection === undefined ? {} : { selection }) }
}

function nameTimelines(timelines: readonly Timeline[]): ReadonlyMap<number, string> {
  return new Map(timelines.map((timeline) => [timeline.id, timeline.name]))
}

function toEventRow(event: EventView, names: ReadonlyMap<number, string>): EventRow {
  return createEventRow(event.id, names.get(event.timelineId) ?? '', {
    json: () => event.toJson(),
    members: () => event.members,
    mayHave: (name) => event.members.has(name),
  })
}

const CANNOT_WRITE = new Set(['ENOSPC', 'EROFS', 'EDQUOT'])

function toImportReport(job: ImportJob): ImportReport {
  if (job.status !== 'done' && job.files.length === 0)
    throw new CliError(
      job.error ?? `the import ended as ${job.status}`,
      CANNOT_WRITE.has(job.errorCode ?? '') ? EXIT.cannotWrite : EXIT.badInput,
    )
  return {
    files: job.files,
    ...describeProblem(job),
    timeline_id: job.timelineId,
    sketch_id: job.sketchId,
    searchable_seconds: job.searchableSeconds ?? 0,
    indexed_seconds: job.indexedSeconds ?? 0,
  }
}

// What was said of an import that is done is a remark: entries of an archive that are no evidence.
function describeProblem(job: Pick<ImportJob, 'status' | 'error'>): { problem?: string; remark?: string } {
  if (job.error === undefined) return {}
  return job.status === 'done' ? { remark: job.error } : { problem: job.error }
}

function toMarkReport(result: MarkResult | undefined): MarkReport {
  if (!result) throw new Error('the operation did not say what it did')
  return {
    operation_id: result.operationId,
    matched: result.matched,
    changed: result.changed,
    unknown_ids: result.unknownIds,
  }
}

function toHistoryRow(record: MarkOperationRecord): HistoryRow {
  const operation = toApiOperation(record)
  return { ...operation, query: operation.query }
}

function toKeyScope(text: string): KeyScope {
  if (text === 'read' || text === 'write' || text === 'admin') return text
  throw new CliError(`--scope takes read, write or admin; found "${text}"`, EXIT.usage)
}
