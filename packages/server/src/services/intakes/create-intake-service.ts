import { randomBytes, randomUUID } from 'node:crypto'
import type { Principal } from '../../auth/principal.ts'
import { notFound } from '../../errors/domain-error.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import type { SketchService } from '../sketches/sketch-service.ts'
import type { TimelineService } from '../timelines/timeline-service.ts'
import { createEntityCalls } from './entity-calls.ts'
import { createFormatCalls, requireFormatId } from './format-calls.ts'
import type { Intake, IntakeService } from './intake-service.ts'
import { findIntakes } from './load-intakes.ts'
import { createPushCalls } from './push-calls.ts'

/** Entities, intakes and formats, kept in the metadata database. */
export function createIntakeService(
  context: ServiceContext,
  { sketches, timelines }: { readonly sketches: SketchService; readonly timelines: TimelineService },
): IntakeService {
  const { db, access, audit, now } = context
  const get = async (principal: Principal, uid: string): Promise<Intake> => {
    const [intake] = await findIntakes(db, { uid: uid.toLowerCase() }, principal)
    if (!intake) throw notFound('intake', uid.slice(0, 64))
    return intake
  }

  return {
    ...createEntityCalls(context, sketches),
    ...createFormatCalls(context),
    ...createPushCalls(context, timelines),
    list: (principal) => findIntakes(db, {}, principal),
    get,
    async create(principal, { name, sketchId, formatUid }) {
      requireName('intake', name)
      requireFormatId(formatUid)
      await access.requireOpenSketch(principal, sketchId, 'write')
      const uid = randomUUID()
      const atMs = now()
      await db
        .insertInto('intakes')
        .values({
          uid,
          name,
          intake_key: randomBytes(12).toString('base64url').replaceAll(/[-_]/g, '0'),
          sketch_id: sketchId,
          format_uid: formatUid.toLowerCase(),
          timeline_id: null,
          user_id: principal.userId,
          created_at_ms: atMs,
          updated_at_ms: atMs,
        })
        .execute()
      await audit.record(principal, {
        action: 'intake.create',
        subject: `intake/${uid}`,
        sketchId,
        details: { name },
      })
      return await get(principal, uid)
    },
    async update(principal, uid, { name, formatUid, sketchId }) {
      const intake = await get(principal, uid)
      await access.requireOpenSketch(principal, intake.sketchId, 'write')
      if (name !== undefined) requireName('intake', name)
      if (formatUid !== undefined) requireFormatId(formatUid)
      const moves = sketchId !== undefined && sketchId !== intake.sketchId
      if (moves) await access.requireOpenSketch(principal, sketchId, 'write')
      await db
        .updateTable('intakes')
        .set({
          ...(name === undefined ? {} : { name }),
          ...(formatUid === undefined ? {} : { format_uid: formatUid.toLowerCase() }),
          ...(moves ? { sketch_id: sketchId, timeline_id: null } : {}),
          updated_at_ms: now(),
        })
        .where('uid', '=', intake.uid)
        .execute()
      await audit.record(principal, {
        action: 'intake.update',
        subject: `intake/${intake.uid}`,
        sketchId: intake.sketchId,
        details: { name, formatUid, sketchId },
      })
      return await get(principal, uid)
    },
    async delete(principal, uid) {
      const intake = await get(principal, uid)
      await access.requireSketch(principal, intake.sketchId, 'write')
      await db.deleteFrom('intakes').where('uid', '=', intake.uid).execute()
      await audit.record(principal, {
        action: 'intake.delete',
        subject: `intake/${intake.uid}`,
        sketchId: intake.sketchId,
        details: { name: intake.name },
      })
    },
  }
}
