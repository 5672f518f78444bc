import type { Selectable } from 'kysely'
import type { Principal } from '../../../auth/principal.ts'
import type { ConnectorRow } from '../../../db/connector-schema.ts'
import type { ServiceContext } from '../../service-context.ts'
import { chooseImportTimeline } from '../../timelines/choose-import-timeline.ts'
import { findTimeline } from '../../timelines/load-timelines.ts'
import type { PullTimeline } from './store-events.ts'

/** Where the events of a connector go. */
export class ConnectorTimeline {
  readonly #context: ServiceContext
  readonly #principal: Principal
  readonly #row: Selectable<ConnectorRow>
  #chosen: PullTimeline | undefined

  constructor(context: ServiceContext, principal: Principal, row: Selectable<ConnectorRow>) {
    this.#context = context
    this.#principal = principal
    this.#row = row
  }

  /** The one that was chosen last; undefined where none was. */
  get chosen(): PullTimeline | undefined {
    return this.#chosen
  }

  /** The connector's timeline, made when its first items come, and again when it was deleted since, be it while it is pulled. */
  async choose(): Promise<PullTimeline> {
    const { db, access, store } = this.#context
    const { uid, name, sketch_id: sketchId } = this.#row
    // It may have been archived or deleted since the pull began.
    await access.requireOpenSketch(this.#principal, sketchId, 'write')
    const { timeline_id: known } = await db
      .selectFrom('connectors')
      .select('timeline_id')
      .where('uid', '=', uid)
      .executeTakeFirstOrThrow()
    const found = known === null ? undefined : await findTimeline(db, known)
    const isUsable =
      found && found.sketchId === sketchId && found.status !== 'deleted' && found.status !== 'archived'
    const timeline = isUsable
      ? found
      : await chooseImportTimeline(this.#context, this.#principal, sketchId, { name })
    if (timeline.id !== known)
      await db.updateTable('connectors').set({ timeline_id: timeline.id }).where('uid', '=', uid).execute()
    if (this.#chosen?.timelineId === timeline.id) return this.#chosen
    const { indexName } = timeline.searchIndex
    await store.createIndex(indexName)
    this.#chosen = { timelineId: timeline.id, indexName }
    return this.#chosen
  }
}
