import type { Principal } from '../auth/principal.ts'
import type { ServiceContext } from '../services/service-context.ts'
import { chooseImportTimeline } from '../services/timelines/choose-import-timeline.ts'
import { insertDataSource } from '../services/timelines/create-data-source-service.ts'
import type { Timeline } from '../services/timelines/timeline-service.ts'
import type { OpenImport } from './import-job.ts'
import { MAX_IMPORT_TIMELINES } from './limits.ts'
import { chooseAndTake, describeSource, takeTimeline } from './log/take-timeline.ts'

/** Names of timelines have at most so many characters. */
const MAX_NAME_LENGTH = 255

/** What decides to which timeline a file goes. */
export interface FileOrigin {
  readonly format: string
  /** It was found in an archive or a folder. */
  readonly isContained: boolean
  /** Bytes of the file, as far as they are known. */
  readonly sizeBytes: number | undefined
  /** Name of the host that it was collected from. */
  readonly host: string | undefined
  /** Name that stands for the host where it is not known: of the input that the file is in. */
  readonly inputName: string
}

/** Where the events of a file go. */
export interface TimelinePlace {
  readonly timelineId: number
  readonly indexName: string
  /** Undefined for the timeline of the import itself. */
  readonly name: string | undefined
  /** A sentence that tells why the file is not in the timeline of its host and source. */
  readonly remark?: string
}

/**
 * Chooses the timeline of each file of one import: the import's own, or, where those of its archives are kept apart, one for each kind
 * of source and host, made when its first file comes; beyond `MAX_IMPORT_TIMELINES` the import's own again.
 */
export class TimelineChooser {
  readonly #context: ServiceContext
  readonly #principal: Principal
  readonly #job: OpenImport
  readonly #own: TimelinePlace
  readonly #places = new Map<string, TimelinePlace>()

  /** @param indexName - Of the import's own timeline. */
  constructor(context: ServiceContext, principal: Principal, job: OpenImport, indexName: string) {
    this.#context = context
    this.#principal = principal
    this.#job = job
    this.#own = { timelineId: job.timelineId, indexName, name: undefined }
  }

  async choose(origin: FileOrigin): Promise<TimelinePlace> {
    if (!this.#job.request.bySource || !origin.isContained) return this.#own
    const name = nameOfSource(origin)
    let place = this.#places.get(name)
    if (!place) {
      if (this.#places.size >= MAX_IMPORT_TIMELINES) {
        const remark = `It is in the import's own timeline and not in "${name}", since an import makes at most ${MAX_IMPORT_TIMELINES} timelines of hosts and sources (MAX_IMPORT_TIMELINES).`
        return { ...this.#own, remark }
      }
      place = await this.#open(name, origin)
      this.#places.set(name, place)
    }
    return place
  }

  async #open(name: string, { sizeBytes }: FileOrigin): Promise<TimelinePlace> {
    const context = this.#context
    const { request, timelineId: ownId, timelineIds, madeTimelineIds } = this.#job
    const wanted = { name, ...(sizeBytes === undefined ? {} : { sizeBytes }) }
    const { timeline } = await chooseAndTake(
      () => chooseImportTimeline(context, this.#principal, request.sketchId, wanted),
      async ({ id }) => {
        timelineIds.add(id)
        const isTaken = await this.#take(id)
        if (isTaken === undefined && id !== ownId) timelineIds.delete(id)
        return isTaken
      },
    )
    if (isUntouched(timeline)) madeTimelineIds.add(timeline.id)
    return { timelineId: timeline.id, indexName: timeline.searchIndex.indexName, name: timeline.name }
  }

  /** Undefined where the timeline has gone. */
  async #take(timelineId: number): Promise<true | undefined> {
    const { request, id: importId, userId, timelineId: ownId } = this.#job
    const { sketchId } = request
    return await takeTimeline<true>(this.#context, { sketchId, timelineId }, async (transaction, atMs) => {
      const more = { userId, atMs, status: 'processing', importId, fileOnDisk: '' }
      if (timelineId !== ownId)
        await insertDataSource(transaction, describeSource(request, timelineId, 0), more)
      return true
    })
  }
}

/** Whether nothing was ever imported into a timeline: one that was chosen for an import has just been made. */
export function isUntouched({ status, dataSources }: Pick<Timeline, 'status' | 'dataSources'>): boolean {
  return status === 'new' && dataSources.length === 0
}

/** `WS-FIN-07 evtx`: the host, and what the source is. */
function nameOfSource({ format, host, inputName }: FileOrigin): string {
  const kind = format.split('/').at(-1)
  return `${(host ?? inputName).slice(0, MAX_NAME_LENGTH - 65)} ${kind?.slice(0, 64)}`
}
