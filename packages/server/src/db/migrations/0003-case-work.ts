import type { ColumnDefinitionBuilder, CreateTableBuilder, Kysely } from 'kysely'
import { addIdColumn } from '../id-column.ts'
import type { Schema } from '../schema.ts'

/** Version 3: saved aggregations, stories, graphs, search templates, and questions with their answers. */
export async function createCaseWorkTables(db: Kysely<Schema>): Promise<void> {
  const { schema } = db
  const owned = (name: string): CreateTableBuilder<string, string> =>
    addIdColumn(schema.createTable(name), 'id')
      .addColumn('owner_id', 'integer', (column) => column.notNull().references('users.id'))
      .addColumn('created_at_ms', 'bigint', required)
      .addColumn('updated_at_ms', 'bigint', required)
  const ofSketch = (name: string): CreateTableBuilder<string, string> =>
    owned(name).addColumn('sketch_id', 'integer', (column) =>
      column.notNull().references('sketches.id').onDelete('cascade'),
    )
  const indexBySketch = async (name: string): Promise<void> =>
    schema.createIndex(`${name}_by_sketch`).on(name).columns(['sketch_id', 'id']).execute()

  await addTexts(ofSketch('aggregation_groups'), ['name', 'description', 'parameters_json', 'orientation'])
    .addColumn('saved_search_id', 'integer')
    .execute()
  await addTexts(ofSketch('aggregations'), [
    'name',
    'description',
    'aggregator',
    'parameters_json',
    'chart_type',
    'labels_json',
  ])
    .addColumn('saved_search_id', 'integer')
    .addColumn('group_id', 'integer', (column) =>
      column.references('aggregation_groups.id').onDelete('set null'),
    )
    .execute()
  await addTexts(ofSketch('stories'), ['title', 'content_json', 'labels_json']).execute()
  await addTexts(ofSketch('graphs'), ['name', 'description', 'config_json', 'elements_json']).execute()
  await addTexts(ofSketch('scenarios'), [...DFIQ_TEXTS, 'status']).execute()
  await addTexts(ofSketch('facets'), DFIQ_TEXTS)
    .addColumn('scenario_id', 'integer', (column) =>
      column.notNull().references('scenarios.id').onDelete('cascade'),
    )
    .execute()
  await addTexts(ofSketch('questions'), [...DFIQ_TEXTS, 'status', 'priority', 'attributes_json'])
    .addColumn('scenario_id', 'integer', (column) => column.references('scenarios.id').onDelete('cascade'))
    .addColumn('facet_id', 'integer', (column) => column.references('facets.id').onDelete('cascade'))
    .execute()
  for (const name of [
    'aggregation_groups',
    'aggregations',
    'stories',
    'graphs',
    'scenarios',
    'facets',
    'questions',
  ])
    await indexBySketch(name)

  for (const [name, texts] of [
    ['approaches', ['name', 'display_name', 'description', 'spec_json']],
    ['conclusions', ['conclusion']],
  ] as const) {
    const table = addTexts(owned(name), texts).addColumn('question_id', 'integer', (column) =>
      column.notNull().references('questions.id').onDelete('cascade'),
    )
    await (name === 'conclusions' ? table.addColumn('is_automated', 'integer', required) : table).execute()
    await schema.createIndex(`${name}_by_question`).on(name).columns(['question_id', 'id']).execute()
  }

  await addTexts(addIdColumn(schema.createTable('graph_cache'), 'id'), [
    'plugin',
    'config_json',
    'elements_json',
  ])
    .addColumn('sketch_id', 'integer', (column) =>
      column.notNull().references('sketches.id').onDelete('cascade'),
    )
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint', required)
    .addUniqueConstraint('graph_cache_key', ['sketch_id', 'plugin'])
    .execute()

  await addTexts(addIdColumn(schema.createTable('search_templates'), 'id'), [
    'name',
    'short_name',
    'description',
    'query_string',
    'query_filter',
    'query_dsl',
    'template_json',
  ])
    .addColumn('template_uuid', 'text', (column) => column.notNull().unique())
    .addColumn('owner_id', 'integer', (column) => column.references('users.id'))
    .addColumn('created_at_ms', 'bigint', required)
    .addColumn('updated_at_ms', 'bigint', required)
    .execute()
  await schema
    .alterTable('saved_searches')
    .addColumn('search_template_id', 'integer', (column) =>
      column.references('search_templates.id').onDelete('set null'),
    )
    .execute()
}

const DFIQ_TEXTS = ['name', 'display_name', 'description', 'dfiq_identifier', 'uuid', 'spec_json'] as const

function required(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull()
}

function addTexts(
  table: CreateTableBuilder<string, string>,
  names: readonly string[],
): CreateTableBuilder<string, string> {
  return names.reduce<CreateTableBuilder<string, string>>(
    (made, name) => made.addColumn(name, 'text', required),
    table,
  )
}
