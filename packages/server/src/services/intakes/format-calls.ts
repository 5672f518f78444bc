import { randomUUID } from 'node:crypto'
import type { Kysely, Selectable } from 'kysely'
import type { Principal } from '../../auth/principal.ts'
import type { Schema } from '../../db/schema.ts'
import type { IntakeFormatRow } from '../../db/workspace-schema.ts'
import { conflict, forbidden, invalid, notFound } from '../../errors/domain-error.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import { BUILT_IN_FORMATS } from './formats.ts'
import type { IntakeFormat, IntakeService } from './intake-service.ts'

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Formats: those that come with the program, and those that somebody made. */
export function createFormatCalls({
  db,
  audit,
  now,
}: Pick<ServiceContext, 'db' | 'audit' | 'now'>): Pick<
  IntakeService,
  'listFormats' | 'getFormat' | 'createFormat' | 'updateFormat'
> {
  const requireOwnFormat = async (principal: Principal, uid: string): Promise<void> => {
    const row = await db
      .selectFrom('intake_formats')
      .selectAll()
      .where('uid', '=', uid.toLowerCase())
      .executeTakeFirst()
    if (!row) {
      if (BUILT_IN_FORMATS.some((format) => format.uid === uid.toLowerCase()))
        throw forbidden('built-in-format', `The format ${uid} comes with the program and stays as it is.`)
      throw notFound('format', uid.slice(0, 64))
    }
    if (row.user_id !== principal.userId && !principal.isAdmin)
      throw forbidden('not-own-format', `The format ${uid} is somebody else's.`)
  }
  const getFormat = async (uid: string): Promise<IntakeFormat> => {
    const format = await findFormat(db, uid)
    if (!format) throw notFound('format', uid.slice(0, 64))
    return format
  }

  return {
    async listFormats() {
      const rows = await db.selectFrom('intake_formats').selectAll().orderBy('name').execute()
      return [...BUILT_IN_FORMATS, ...rows.map(toFormat)]
    },
    getFormat: (_principal, uid) => getFormat(uid),
    async createFormat(principal, { name, slug, description, details }, uid = randomUUID()) {
      requireName('format', name)
      requireFormatId(uid)
      if (await findFormat(db, uid)) throw conflict('format-exists', `There is a format ${uid} already.`)
      const atMs = now()
      await db
        .insertInto('intake_formats')
        .values({
          uid: uid.toLowerCase(),
          name,
          slug,
          description,
          details_json: JSON.stringify(details),
          user_id: principal.userId,
          created_at_ms: atMs,
          updated_at_ms: atMs,
        })
        .execute()
      await audit.record(principal, { action: 'format.create', subject: `format/${uid}`, details: { name } })
      return await getFormat(uid)
    },
    async updateFormat(principal, uid, { name, slug, description, details }) {
      requireName('format', name)
      await requireOwnFormat(principal, uid)
      await db
        .updateTable('intake_formats')
        .set({ name, slug, description, details_json: JSON.stringify(details), updated_at_ms: now() })
        .where('uid', '=', uid.toLowerCase())
        .execute()
      await audit.record(principal, { action: 'format.update', subject: `format/${uid}`, details: { name } })
      return await getFormat(uid)
    },
  }
}

/** @throws {DomainError} `invalid` (`bad-format-id`). */
export function requireFormatId(uid: string): void {
  if (UUID.test(uid)) return
  throw invalid(
    'bad-format-id',
    `The UUID of a format was expected, found ${JSON.stringify(uid.slice(0, 64))}.`,
  )
}

/** A format by its UUID, whoever made it; undefined where there is none. */
export async function findFormat(db: Kysely<Schema>, uid: string): Promise<IntakeFormat | undefined> {
  const builtIn = BUILT_IN_FORMATS.find((format) => format.uid === uid.toLowerCase())
  if (builtIn) return builtIn
  const row = await db
    .selectFrom('intake_formats')
    .selectAll()
    .where('uid', '=', uid.toLowerCase())
    .executeTakeFirst()
  return row && toFormat(row)
}

function toFormat(row: Selectable<IntakeFormatRow>): IntakeFormat {
  return {
    uid: row.uid,
    name: row.name,
    slug: row.slug,
    description: row.description,
    details: JSON.parse(row.details_json) as Record<string, unknown>,
    isBuiltIn: false,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}
