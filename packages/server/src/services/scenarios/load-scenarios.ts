import type { Kysely, Selectable } from 'kysely'
import type { FacetRow, QuestionRow, ScenarioRow } from '../../db/case-schema.ts'
import type { Schema } from '../../db/schema.ts'
import { chunk } from '../chunk.ts'
import type { SearchTemplate } from '../search-templates/search-template-service.ts'
import { loadOwners } from '../users/load-users.ts'
import type { User } from '../users/user-service.ts'
import {
  type Approach,
  type Conclusion,
  type DfiqPart,
  type Facet,
  factLabel,
  QUESTION_PRIORITIES,
  type Question,
  type QuestionAttribute,
  type QuestionStatus,
  type Scenario,
} from './scenario-service.ts'

/** What is put together with rows. */
export interface Surroundings {
  readonly db: Kysely<Schema>
  /** Search templates that approaches may name, by UUID. */
  readonly searchTemplates: ReadonlyMap<string, SearchTemplate>
  /** Events of a sketch that carry one of these labels, by label. */
  readonly findEvents: (
    sketchId: number,
    labels: readonly string[],
  ) => Promise<ReadonlyMap<string, Conclusion['events']>>
}

/** Makes scenarios of rows, with all that belongs to them. */
export async function toScenarios(
  around: Surroundings,
  rows: readonly Selectable<ScenarioRow>[],
): Promise<readonly Scenario[]> {
  const owners = await loadOwners(around.db, rows)
  const facets = await loadFacets(
    around,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    ...toPart(row, owners),
    status: row.status,
    facets: facets.filter((facet) => facet.scenarioId === row.id),
  }))
}

async function loadFacets(around: Surroundings, scenarioIds: readonly number[]): Promise<readonly Facet[]> {
  const rows: Selectable<FacetRow>[] = []
  for (const some of chunk(scenarioIds))
    rows.push(
      ...(await around.db
        .selectFrom('facets')
        .selectAll()
        .where('scenario_id', 'in', some)
        .orderBy('id')
        .execute()),
    )
  const questionRows: Selectable<QuestionRow>[] = []
  for (const some of chunk(rows.map((row) => row.id)))
    questionRows.push(
      ...(await around.db
        .selectFrom('questions')
        .selectAll()
        .where('facet_id', 'in', some)
        .orderBy('id')
        .execute()),
    )
  const owners = await loadOwners(around.db, rows)
  const questions = await toQuestions(around, questionRows)
  return rows.map((row) => ({
    ...toPart(row, owners),
    scenarioId: row.scenario_id,
    questions: questions.filter((question) => question.facetId === row.id),
  }))
}

/** Makes questions of rows, with approaches and conclusions. */
export async function toQuestions(
  around: Surroundings,
  rows: readonly Selectable<QuestionRow>[],
): Promise<readonly Question[]> {
  if (rows.length === 0) return []
  const owners = await loadOwners(around.db, rows)
  const ids = rows.map((row) => row.id)
  const approaches = await loadApproaches(around, ids)
  const conclusions = await loadConclusions(around, rows[0]!.sketch_id, ids)
  return rows.map((row) => ({
    ...toPart(row, owners),
    scenarioId: row.scenario_id ?? undefined,
    facetId: row.facet_id ?? undefined,
    // Only ever written by the service, which checks it.
    status: row.status as QuestionStatus,
    priority: QUESTION_PRIORITIES.find((priority) => priority === row.priority),
    attributes: JSON.parse(row.attributes_json) as QuestionAttribute[],
    approaches: approaches.get(row.id) ?? [],
    conclusions: conclusions.get(row.id) ?? [],
  }))
}

async function loadApproaches(
  { db, searchTemplates }: Surroundings,
  questionIds: readonly number[],
): Promise<ReadonlyMap<number, readonly Approach[]>> {
  const found: [number, Approach][] = []
  for (const some of chunk(questionIds)) {
    const rows = await db
      .selectFrom('approaches')
      .selectAll()
      .where('question_id', 'in', some)
      .orderBy('id')
      .execute()
    for (const row of rows)
      found.push([
        row.question_id,
        {
          id: row.id,
          name: row.name,
          displayName: row.display_name,
          description: row.description,
          specJson: row.spec_json,
          searchTemplates: listTemplateUuids(row.spec_json).flatMap(
            (uuid) => searchTemplates.get(uuid) ?? [],
          ),
          createdAtMs: row.created_at_ms,
          updatedAtMs: row.updated_at_ms,
        },
      ])
  }
  return group(found)
}

/** The search templates that the steps of an approach name. */
function listTemplateUuids(specJson: string): readonly string[] {
  const { steps } = JSON.parse(specJson)
  return (Array.isArray(steps) ? steps : [])
    .filter((step) => step.stage === 'analysis' && step.type === 'timesketch-searchtemplate')
    .map((step) => String(step.value))
}

async function loadConclusions(
  { db, findEvents }: Surroundings,
  sketchId: number,
  questionIds: readonly number[],
): Promise<ReadonlyMap<number, readonly Conclusion[]>> {
  const rows = []
  for (const some of chunk(questionIds))
    rows.push(
      ...(await db
        .selectFrom('conclusions')
        .selectAll()
        .where('question_id', 'in', some)
        .orderBy('id')
        .execute()),
    )
  if (rows.length === 0) return new Map()
  const owners = await loadOwners(db, rows)
  const events = await findEvents(
    sketchId,
    rows.map((row) => factLabel(row.id)),
  )
  return group(
    rows.map((row): [number, Conclusion] => [
      row.question_id,
      {
        id: row.id,
        owner: row.is_automated === 1 ? undefined : owners.get(row.owner_id),
        text: row.conclusion,
        isAutomated: row.is_automated === 1,
        events: events.get(factLabel(row.id)) ?? [],
        createdAtMs: row.created_at_ms,
        updatedAtMs: row.updated_at_ms,
      },
    ]),
  )
}

function group<Item>(pairs: readonly (readonly [number, Item])[]): ReadonlyMap<number, readonly Item[]> {
  const groups = Map.groupBy(pairs, ([id]) => id)
  return new Map([...groups].map(([id, own]) => [id, own.map(([, item]) => item)]))
}

function toPart(
  row: Selectable<ScenarioRow> | Selectable<FacetRow> | Selectable<QuestionRow>,
  owners: ReadonlyMap<number, User>,
): DfiqPart {
  return {
    id: row.id,
    sketchId: row.sketch_id,
    owner: owners.get(row.owner_id),
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    dfiqId: row.dfiq_identifier,
    uuid: row.uuid,
    specJson: row.spec_json,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  }
}
