import type { Kysely } from 'kysely'
import { makePrincipal } from '../../auth/make-principal.ts'
import { ALL_SCOPES, type Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import { DomainError, forbidden, isDomainError } from '../../errors/domain-error.ts'
import { noteChange } from '../changes/note-change.ts'
import type { ServiceContext } from '../service-context.ts'
import type { Timeline, TimelineService } from '../timelines/timeline-service.ts'
import { type DescribedEvent, describeEvent, describeOrigin, type EventOrigin } from './describe-event.ts'
import { describeEntity } from './entity-calls.ts'
import { findFormat } from './format-calls.ts'
import { IntakeQueue } from './intake-queue.ts'
import type { Intake, IntakeService, PushedBatch } from './intake-service.ts'
import { findIntakes } from './load-intakes.ts'

/** Events that may be stored. */
interface PreparedBatch {
  readonly principal: Principal
  readonly origin: EventOrigin
  readonly described: readonly DescribedEvent[]
}

/** Takes events by the keys of intakes. */
export function createPushCalls(
  context: ServiceContext,
  timelines: TimelineService,
): Pick<IntakeService, 'requireOpen' | 'push' | 'pushAll'> {
  const { db, access, audit, now } = context
  const queue = new IntakeQueue(context)

  /** The timeline that an intake's events go to; a new one where it has none, or that one is gone. */
  const findTimelineOf = async (principal: Principal, intake: Intake): Promise<Timeline> => {
    const there = intake.timelineId === undefined ? undefined : await timelines.find(intake.timelineId)
    if (there && there.sketchId === intake.sketchId && there.status !== 'deleted') return there
    // Two first events at once make one timeline.
    return await context.turns.take(`intake ${intake.uid}`, async () => {
      const timeline = await timelines.chooseForImport(principal, intake.sketchId, { name: intake.name })
      await db
        .updateTable('intakes')
        .set({ timeline_id: timeline.id })
        .where('uid', '=', intake.uid)
        .execute()
      return timeline
    })
  }

  /** The intake of a key, and in whose name it takes events. */
  const findOpen = async (
    key: string,
  ): Promise<{ readonly intake: Intake; readonly principal: Principal }> => {
    const [intake] = await findIntakes(db, { intake_key: key })
    if (!intake)
      throw new DomainError('unauthenticated', 'unknown-intake-key', 'There is no intake with this key.')
    const principal = await findOwner(db, intake.userId)
    try {
      if (!principal) throw forbidden('intake-closed', 'inactive')
      await access.requireOpenSketch(principal, intake.sketchId, 'write')
      return { intake, principal }
    } catch (error) {
      if (!isDomainError(error) || error.kind === 'conflict') throw error
      throw forbidden(
        'intake-closed',
        'This intake takes no events: whoever made it may not write to its sketch any more.',
      )
    }
  }

  /** Events as they are going to be stored; nothing is yet. */
  const prepare = async ({ key, events }: PushedBatch): Promise<PreparedBatch> => {
    const { intake, principal } = await findOpen(key)
    const origin = {
      intake,
      format: await findFormat(db, intake.formatUid),
      entity: await describeEntity(db, intake.sketchId),
      organisation: await findOrganisation(db),
      nowMs: now(),
    }
    return { principal, origin, described: events.map((event) => describeEvent(event, origin)) }
  }

  /** What follows from events that are durable. Nothing of it that fails is an answer: whoever sent them would send them again. */
  const noteStored = async (
    { principal, origin: { intake }, described }: PreparedBatch,
    timeline: Timeline,
  ): Promise<void> => {
    const { sketchId } = intake
    const attempt = async (work: () => Promise<unknown>): Promise<void> => {
      try {
        await work()
      } catch (error) {
        context.log.error(
          { err: error, intake: intake.uid },
          'what follows from the events of an intake failed; they are stored',
        )
      }
    }
    if (timeline.status === 'new' || timeline.status === 'fail')
      await attempt(() => timelines.setStatus(principal, sketchId, timeline.id, 'ready'))
    await attempt(() =>
      audit.note(principal, {
        action: 'intake.push',
        subject: `intake/${intake.uid}`,
        sketchId,
        details: { events: described.length },
      }),
    )
    await attempt(() => noteChange(context, sketchId, 'events', { timelineId: timeline.id }))
    context.lookAtEvents(principal, sketchId)
  }

  const pushAll: IntakeService['pushAll'] = async (given) => {
    const batches: (PreparedBatch & { readonly timeline: Timeline })[] = []
    for (const batch of given) {
      const prepared = await prepare(batch)
      const timeline = await findTimelineOf(prepared.principal, prepared.origin.intake)
      batches.push({ ...prepared, timeline })
    }
    const outcomes = await queue.add(
      batches.map(({ origin, described, timeline }) => ({
        place: {
          index: timeline.searchIndex.indexName,
          timelineId: timeline.id,
          constants: describeOrigin(origin),
        },
        events: described,
      })),
    )
    const isStored = outcomes.map(({ status }) => status === 'fulfilled')
    for (const [at, batch] of batches.entries()) if (isStored[at]) await noteStored(batch, batch.timeline)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed && !isStored.includes(true)) throw failed.reason
    if (failed) context.log.error({ err: failed.reason }, 'events of an intake could not be stored')
    return batches.map(({ described }, at) => (isStored[at] ? described.map(({ id }) => id) : undefined))
  }

  return {
    async requireOpen(key) {
      await findOpen(key)
    },
    async push(key, events) {
      const [ids] = events.length === 0 ? [[]] : await pushAll([{ key, events }])
      // A single batch is stored, or that it is not is thrown.
      return ids!
    },
    pushAll,
  }
}

async function findOrganisation(
  db: Kysely<Schema>,
): Promise<{ readonly uid: string; readonly name: string }> {
  return await db
    .selectFrom('organisations')
    .select(['uid', 'name'])
    .where('is_default', '=', 1)
    .orderBy('id')
    .executeTakeFirstOrThrow()
}

/** Whoever made an intake, in whose name its events come; undefined when the account is not active any more. */
async function findOwner(db: Kysely<Schema>, userId: number): Promise<Principal | undefined> {
  const user = await db
    .selectFrom('users')
    .select(['id', 'username'])
    .where('id', '=', userId)
    .where('is_active', '=', 1)
    .executeTakeFirst()
  return (
    user && makePrincipal({ ...user, is_admin: 0 }, { via: 'local', scopes: ALL_SCOPES, address: 'intake' })
  )
}
