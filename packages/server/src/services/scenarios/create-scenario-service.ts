import type { Principal } from '../../auth/principal.ts'
import { notFound } from '../../errors/domain-error.ts'
import type { MarkService } from '../marks/mark-service.ts'
import { requireName } from '../names.ts'
import type { SearchTemplateService } from '../search-templates/search-template-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { SketchRows } from '../sketch-rows.ts'
import { copyScenario } from './copy-template.ts'
import { readCatalogue, requireCatalogue } from './dfiq-catalogue.ts'
import { findProofs } from './find-proofs.ts'
import { type Surroundings, toScenarios } from './load-scenarios.ts'
import { createQuestionCalls } from './question-calls.ts'
import type { Scenario, ScenarioService } from './scenario-service.ts'

/** Scenarios, kept in the metadata database. */
export function createScenarioService(
  context: ServiceContext,
  others: { readonly searchTemplates: SearchTemplateService; readonly marks: MarkService },
): ScenarioService {
  const { db, access } = context
  const kept = new SketchRows(context, 'scenarios', 'scenario')

  const surround = async (principal: Principal): Promise<Surroundings> => ({
    db,
    searchTemplates: new Map(
      (await others.searchTemplates.list(principal)).map((template) => [template.uuid, template]),
    ),
    findEvents: (sketchId, labels) => findProofs(context, sketchId, labels),
  })
  const find = async (principal: Principal, sketchId: number, id: number): Promise<Scenario> => {
    const row = await kept.find(sketchId, id)
    return (await toScenarios(await surround(principal), [row]))[0]!
  }

  return {
    catalogue: () => readCatalogue(context.config),
    async list(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const rows = await db
        .selectFrom('scenarios')
        .selectAll()
        .where('sketch_id', '=', sketchId)
        .orderBy('id')
        .execute()
      return await toScenarios(await surround(principal), rows)
    },
    async get(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'read')
      return await find(principal, sketchId, id)
    },
    async create(principal, sketchId, choice) {
      await access.requireSketch(principal, sketchId, 'write')
      const catalogue = await requireCatalogue(context.config)
      const { uuid, dfiqId, displayName } = choice
      const template =
        uuid || dfiqId
          ? catalogue.find('scenario', uuid || dfiqId!)
          : catalogue.list('scenario').find(({ name }) => name === displayName)
      if (!template) throw notFound('scenario template', uuid || dfiqId || displayName || '')
      const name = requireName('scenario', displayName || template.name)
      const id = await db
        .transaction()
        .execute((transaction) =>
          copyScenario(
            { db: transaction, sketchId, userId: principal.userId, atMs: context.now() },
            catalogue,
            template,
            name,
          ),
        )
      await kept.record(principal, 'create', sketchId, id)
      return await find(principal, sketchId, id)
    },
    async update(principal, sketchId, id, change) {
      await access.requireSketch(principal, sketchId, 'write')
      await find(principal, sketchId, id)
      await db
        .updateTable('scenarios')
        .set({
          updated_at_ms: context.now(),
          ...(change.displayName === undefined
            ? {}
            : { display_name: requireName('scenario', change.displayName) }),
          ...(change.status === undefined ? {} : { status: requireName('status', change.status) }),
        })
        .where('id', '=', id)
        .execute()
      await kept.record(principal, 'update', sketchId, id)
      return await find(principal, sketchId, id)
    },
    ...createQuestionCalls(context, others.marks, surround),
  }
}
