import { noteChange } from '../changes/note-change.ts'
import { requireName } from '../names.ts'
import type { ServiceContext } from '../service-context.ts'
import type { SketchAttributeService } from './sketch-attribute-service.ts'

/** Sketch attributes, kept in the metadata database. */
export function createSketchAttributeService(context: ServiceContext): SketchAttributeService {
  const { db, access, audit } = context
  return {
    async list(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('sketch_attributes')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .orderBy('id')
        .execute()
      return rows.map((row) => ({
        name: row.name,
        ontology: row.ontology,
        values: JSON.parse(row.values_json) as string[],
        userId: row.user_id,
      }))
    },
    async set(principal, sketchId, input) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      requireName('attribute', input.name)
      const key = { sketch_id: sketchId, name: input.name, ontology: input.ontology }
      const content = { values_json: JSON.stringify(input.values), user_id: principal.userId }
      const updated = await db
        .updateTable('sketch_attributes')
        .set(content)
        .where('sketch_id', '=', sketchId)
        .where('name', '=', input.name)
        .where('ontology', '=', input.ontology)
        .executeTakeFirst()
      const created = updated.numUpdatedRows === 0n
      if (created)
        await db
          .insertInto('sketch_attributes')
          .values({ ...key, ...content })
          .execute()
      await audit.record(principal, {
        action: 'sketch.attribute',
        subject: `sketch/${sketchId}`,
        sketchId,
        details: { name: input.name, ontology: input.ontology },
      })
      await noteChange(context, sketchId, 'sketch')
      return { created }
    },
    async delete(principal, sketchId, name, ontology) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      const removed = await db
        .deleteFrom('sketch_attributes')
        .where('sketch_id', '=', sketchId)
        .where('name', '=', name)
        .where('ontology', '=', ontology)
        .executeTakeFirst()
      if (removed.numDeletedRows === 0n) return false
      await audit.record(principal, {
        action: 'sketch.attribute-delete',
        subject: `sketch/${sketchId}`,
        sketchId,
        details: { name, ontology },
      })
      await noteChange(context, sketchId, 'sketch')
      return true
    },
  }
}
