import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import type { Schema } from '../../db/schema.ts'
import type { DfiqCatalogue, DfiqTemplate } from './dfiq-catalogue.ts'

/** Into which sketch something is copied, by whom. */
export interface Copying {
  readonly db: Kysely<Schema>
  readonly sketchId: number
  readonly userId: number
  readonly atMs: number
}

/** Copies a scenario with its facets, their questions and its own. Returns its id. */
export async function copyScenario(
  copying: Copying,
  catalogue: DfiqCatalogue,
  scenario: DfiqTemplate,
  displayName: string,
): Promise<number> {
  const { db } = copying
  const facets = catalogue.children(scenario, 'facet')
  const { id: scenarioId } = await db
    .insertInto('scenarios')
    .values({ ...describe(copying, catalogue, scenario), display_name: displayName, status: 'new' })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const facet of facets) {
    const { id: facetId } = await db
      .insertInto('facets')
      .values({ ...describe(copying, catalogue, facet), scenario_id: scenarioId })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const question of catalogue.children(facet, 'question'))
      await copyQuestion(copying, catalogue, question, { facetId })
  }
  for (const question of catalogue.children(scenario, 'question'))
    await copyQuestion(copying, catalogue, question, { scenarioId })
  return scenarioId
}

/** Copies a question with its approaches. Returns its id. */
export async function copyQuestion(
  copying: Copying,
  catalogue: DfiqCatalogue,
  question: DfiqTemplate,
  place: { scenarioId?: number; facetId?: number } = {},
): Promise<number> {
  const { db } = copying
  const { id } = await db
    .insertInto('questions')
    .values({
      ...describe(copying, catalogue, question),
      ...NEW_QUESTION,
      scenario_id: place.scenarioId ?? null,
      facet_id: place.facetId ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const approach of question.approaches)
    await db
      .insertInto('approaches')
      .values({
        ...stamp(copying),
        question_id: id,
        name: approach.name,
        display_name: approach.name,
        description: approach.description ?? '',
        spec_json: JSON.stringify(approach),
      })
      .execute()
  return id
}

/** Puts down a question in somebody's own words. Returns its id. */
export async function insertQuestion(
  copying: Copying,
  text: string,
  place: { scenarioId: number | undefined; facetId: number | undefined },
): Promise<number> {
  const { id } = await copying.db
    .insertInto('questions')
    .values({
      ...stamp(copying),
      ...NEW_QUESTION,
      sketch_id: copying.sketchId,
      name: text,
      display_name: text,
      description: '',
      dfiq_identifier: '',
      uuid: randomUUID(),
      spec_json: '',
      scenario_id: place.scenarioId ?? null,
      facet_id: place.facetId ?? null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

const NEW_QUESTION = { status: 'new', priority: '', attributes_json: '[]' } as const

function stamp({ userId, atMs }: Copying): {
  owner_id: number
  created_at_ms: number
  updated_at_ms: number
} {
  return { owner_id: userId, created_at_ms: atMs, updated_at_ms: atMs }
}

function describe(copying: Copying, catalogue: DfiqCatalogue, template: DfiqTemplate) {
  return {
    ...stamp(copying),
    sketch_id: copying.sketchId,
    name: template.name,
    display_name: template.name,
    description: template.description ?? '',
    dfiq_identifier: template.id ?? '',
    uuid: template.uuid,
    spec_json: JSON.stringify(specOf(catalogue, template)),
  }
}

/** A template as Timesketch writes it out: with its children's UUIDs, and for questions the approaches. */
export function specOf(catalogue: DfiqCatalogue, template: DfiqTemplate): Readonly<Record<string, unknown>> {
  const uuids = (kind: DfiqTemplate['kind']) => catalogue.children(template, kind).map(({ uuid }) => uuid)
  const facets = uuids('facet')
  const questions = uuids('question')
  return {
    id: template.id,
    uuid: template.uuid,
    name: template.name,
    description: template.description,
    tags: template.tags,
    parent_ids: template.parentIds,
    child_ids: [...facets, ...questions],
    ...(template.kind === 'scenario' ? { facets, questions } : {}),
    ...(template.kind === 'facet' ? { questions } : {}),
    ...(template.kind === 'question' ? { approaches: template.approaches } : {}),
  }
}
