import type { Principal } from '../../auth/principal.ts'
import { forbidden, invalid, notFound } from '../../errors/domain-error.ts'
import type { MarkService } from '../marks/mark-service.ts'
import type { ServiceContext } from '../service-context.ts'
import { SketchRows } from '../sketch-rows.ts'
import { copyQuestion, insertQuestion } from './copy-template.ts'
import { requireCatalogue } from './dfiq-catalogue.ts'
import { type Surroundings, toQuestions } from './load-scenarios.ts'
import {
  type Conclusion,
  factLabel,
  type NewQuestion,
  QUESTION_PRIORITIES,
  QUESTION_STATUSES,
  type Question,
  type QuestionChange,
  type ScenarioService,
} from './scenario-service.ts'

type QuestionCalls = Omit<ScenarioService, 'catalogue' | 'list' | 'get' | 'create' | 'update'>

/** The half of the service that is about questions and their answers. */
export function createQuestionCalls(
  context: ServiceContext,
  marks: MarkService,
  surround: (principal: Principal) => Promise<Surroundings>,
): QuestionCalls {
  const { db, access } = context
  const kept = new SketchRows(context, 'questions', 'question')

  const find = async (principal: Principal, sketchId: number, id: number): Promise<Question> => {
    const row = await kept.find(sketchId, id)
    return (await toQuestions(await surround(principal), [row]))[0]!
  }
  const findConclusion = (question: Question, id: number): Conclusion => {
    const conclusion = question.conclusions.find((known) => known.id === id)
    if (!conclusion) throw notFound('conclusion', id)
    return conclusion
  }

  const requireParts = async (
    sketchId: number,
    parts: { scenario?: number | undefined; facet?: number | undefined; question?: number | undefined },
  ): Promise<void> => {
    for (const [table, what] of [
      ['scenarios', 'scenario'],
      ['facets', 'facet'],
      ['questions', 'question'],
    ] as const) {
      const id = parts[what]
      if (id === undefined) continue
      const row = await db
        .selectFrom(table)
        .select('id')
        .where('id', '=', id)
        .where('sketch_id', '=', sketchId)
        .executeTakeFirst()
      if (!row) throw notFound(what, id)
    }
  }
  const askOwn = async (principal: Principal, sketchId: number, question: NewQuestion): Promise<number> => {
    const text = question.text?.trim() ?? ''
    if (text === '') throw invalid('no-question', 'Question is missing')
    await requireParts(sketchId, { scenario: question.scenarioId, facet: question.facetId })
    const { scenarioId, facetId } = question
    const known = await db
      .selectFrom('questions')
      .select('id')
      .where('sketch_id', '=', sketchId)
      .where('owner_id', '=', principal.userId)
      .where('name', '=', text)
      .where('scenario_id', scenarioId === undefined ? 'is' : '=', scenarioId ?? null)
      .where('facet_id', facetId === undefined ? 'is' : '=', facetId ?? null)
      .executeTakeFirst()
    if (known) return known.id
    const copying = { db, sketchId, userId: principal.userId, atMs: context.now() }
    return await insertQuestion(copying, text, { scenarioId, facetId })
  }
  const askTemplate = async (principal: Principal, sketchId: number, key: string): Promise<number> => {
    const catalogue = await requireCatalogue(context.config)
    const template = catalogue.find('question', key)
    if (!template) throw notFound('question template', key)
    return await db
      .transaction()
      .execute((transaction) =>
        copyQuestion(
          { db: transaction, sketchId, userId: principal.userId, atMs: context.now() },
          catalogue,
          template,
        ),
      )
  }

  return {
    async requireParts(principal, sketchId, parts) {
      await access.requireSketch(principal, sketchId, 'read')
      await requireParts(sketchId, parts)
    },
    async listQuestions(principal, sketchId, { scenarioId, facetId }) {
      await access.requireSketch(principal, sketchId, 'read')
      await requireParts(sketchId, { scenario: scenarioId, facet: facetId })
      const all = db.selectFrom('questions').selectAll().where('sketch_id', '=', sketchId).orderBy('id')
      const rows =
        facetId !== undefined
          ? await all.where('facet_id', '=', facetId).execute()
          : scenarioId !== undefined
            ? await all.where('scenario_id', '=', scenarioId).execute()
            : await all.where('scenario_id', 'is', null).where('facet_id', 'is', null).execute()
      return await toQuestions(await surround(principal), rows)
    },
    async getQuestion(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'read')
      return await find(principal, sketchId, id)
    },
    async ask(principal, sketchId, question) {
      await access.requireSketch(principal, sketchId, 'write')
      const key = question.uuid || question.dfiqId
      const id = key
        ? await askTemplate(principal, sketchId, key)
        : await askOwn(principal, sketchId, question)
      await kept.record(principal, 'create', sketchId, id)
      return await find(principal, sketchId, id)
    },
    async updateQuestion(principal, sketchId, id, change) {
      await access.requireSketch(principal, sketchId, 'write')
      const before = await find(principal, sketchId, id)
      await db
        .updateTable('questions')
        .set({ ...toColumns(before, change), updated_at_ms: context.now() })
        .where('id', '=', id)
        .execute()
      await kept.record(principal, 'update', sketchId, id)
      return await find(principal, sketchId, id)
    },
    async requireConclusion(principal, sketchId, id) {
      await access.requireSketch(principal, sketchId, 'read')
      const row = await db
        .selectFrom('conclusions')
        .innerJoin('questions', 'questions.id', 'conclusions.question_id')
        .select('conclusions.id')
        .where('conclusions.id', '=', id)
        .where('questions.sketch_id', '=', sketchId)
        .executeTakeFirst()
      if (!row) throw notFound('conclusion', id)
    },
    async conclude(principal, sketchId, questionId, { text, isAutomated }) {
      await access.requireSketch(principal, sketchId, 'write')
      const question = await find(principal, sketchId, questionId)
      const own = isAutomated
        ? undefined
        : question.conclusions.find((known) => known.owner?.id === principal.userId)
      const now = context.now()
      if (own) {
        if (text !== '')
          await db
            .updateTable('conclusions')
            .set({ conclusion: text, updated_at_ms: now })
            .where('id', '=', own.id)
            .execute()
        await kept.record(principal, 'conclude', sketchId, questionId)
        return { question: await find(principal, sketchId, questionId), conclusionId: own.id }
      }
      const { id } = await db
        .insertInto('conclusions')
        .values({
          question_id: questionId,
          owner_id: principal.userId,
          conclusion: text,
          is_automated: isAutomated ? 1 : 0,
          created_at_ms: now,
          updated_at_ms: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      await kept.record(principal, 'conclude', sketchId, questionId)
      return { question: await find(principal, sketchId, questionId), conclusionId: id }
    },
    async updateConclusion(principal, sketchId, questionId, id, text) {
      await access.requireSketch(principal, sketchId, 'write')
      const conclusion = findConclusion(await find(principal, sketchId, questionId), id)
      if (conclusion.owner?.id !== principal.userId)
        throw forbidden('not-own-conclusion', 'You can only edit your own conclusion.')
      await db
        .updateTable('conclusions')
        .set({ conclusion: text, updated_at_ms: context.now() })
        .where('id', '=', id)
        .execute()
      await kept.record(principal, 'conclude', sketchId, questionId)
      return await find(principal, sketchId, questionId)
    },
    async deleteConclusion(principal, sketchId, questionId, id) {
      await access.requireSketch(principal, sketchId, 'write')
      const conclusion = findConclusion(await find(principal, sketchId, questionId), id)
      if (!conclusion.isAutomated && conclusion.owner?.id !== principal.userId)
        throw forbidden(
          'not-own-conclusion',
          'You can only delete your own conclusions or those generated by AI.',
        )
      if (conclusion.events.length > 0) {
        const ids = conclusion.events.map((event) => event.id)
        await marks.removeLabel(principal, sketchId, factLabel(id), { ids })
      }
      await db.deleteFrom('conclusions').where('id', '=', id).execute()
      await kept.record(principal, 'conclusion-delete', sketchId, questionId)
      return await find(principal, sketchId, questionId)
    },
  }
}

function toColumns(before: Question, change: QuestionChange): Record<string, string> {
  const { status, priority } = change
  if (status !== undefined && !QUESTION_STATUSES.some((known) => known === status))
    throw invalid(
      'bad-status',
      `Invalid question status: '${status.slice(0, 100)}'. Valid statuses are: ${QUESTION_STATUSES.join(', ')}`,
    )
  if (priority !== undefined && !QUESTION_PRIORITIES.some((known) => known === priority))
    throw invalid(
      'bad-priority',
      `Invalid question priority value: '${priority.slice(0, 100)}'. Valid priorities are: ${QUESTION_PRIORITIES.join(', ')}`,
    )
  return {
    ...(status === undefined ? {} : { status }),
    ...(priority === undefined ? {} : { priority }),
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.displayName === undefined ? {} : { display_name: change.displayName }),
    ...(change.description === undefined ? {} : { description: change.description }),
    ...(change.attributes === undefined
      ? {}
      : { attributes_json: JSON.stringify([...before.attributes, ...change.attributes]) }),
  }
}
