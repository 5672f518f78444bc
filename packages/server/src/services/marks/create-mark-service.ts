import type { Query } from '@timeskein/query'
import type { Principal } from '../../auth/principal.ts'
import { DomainError, forbidden, invalid, notFound } from '../../errors/domain-error.ts'
import { noteChange } from '../changes/note-change.ts'
import { chunk } from '../chunk.ts'
import { compareTexts } from '../compare-texts.ts'
import { resolveScope } from '../explore/resolve-scope.ts'
import { readInTurns } from '../read-in-turns.ts'
import type { ServiceContext } from '../service-context.ts'
import { addAttributes, setAttributes } from './add-attributes.ts'
import { carryOutMark, requireFewIds } from './carry-out-mark.ts'
import { changeComment } from './change-comment.ts'
import { findComment, loadComments } from './comments.ts'
import { deleteComment } from './delete-comment.ts'
import { describeNames } from './describe-names.ts'
import { findOperation, listOperations, toOperationRecords } from './mark-log.ts'
import {
  COMMENT_LABEL,
  type Comment,
  type MarkOperationRecord,
  type MarkOptions,
  type MarkResult,
  type MarkService,
  type MarkTarget,
} from './mark-service.ts'
import { withMarkTurn } from './mark-turn.ts'
import { toggleLabel } from './toggle-label.ts'
import { undoOrRedoGroup } from './undo-group.ts'

/** Marks: the log in the metadata database, their effect in the store. */
export function createMarkService(context: ServiceContext): MarkService {
  const { db, access, audit, store } = context

  const markTags = async (
    principal: Principal,
    sketchId: number,
    kind: 'tag' | 'untag',
    given: readonly string[],
    target: MarkTarget,
    options: MarkOptions = {},
  ): Promise<MarkResult> => {
    const tags = [...new Set(given)]
    if (tags.length === 0) throw invalid('no-value', `A ${kind} needs a value, found none.`)
    return await carryOutMark(context, principal, sketchId, {
      kind,
      value: describeNames(tags),
      tags,
      target,
      options,
    })
  }
  const requireOwnComment = async (
    principal: Principal,
    sketchId: number,
    commentId: number,
  ): Promise<Comment> => {
    await access.requireOpenSketch(principal, sketchId, 'write')
    const comment = await findComment(db, sketchId, commentId)
    if (!comment) throw notFound('comment', commentId)
    if (comment.userId !== principal.userId) {
      throw forbidden('not-own-comment', 'Only who wrote a comment may change it.', { commentId })
    }
    return comment
  }
  const requireOperation = async (
    principal: Principal,
    operationId: string,
    permission: 'read' | 'write',
  ): Promise<NonNullable<Awaited<ReturnType<typeof findOperation>>>> => {
    const row = await findOperation(db, operationId)
    if (!row) throw notFound('operation', operationId.slice(0, 64))
    await access.requireSketch(principal, row.sketch_id, permission)
    return row
  }
  const setActive = async (
    principal: Principal,
    operationId: string,
    active: boolean,
    { sketchId }: { sketchId?: number },
  ): Promise<MarkOperationRecord> => {
    const row = await requireOperation(principal, operationId, 'write')
    if (sketchId !== undefined && row.sketch_id !== sketchId) {
      throw new DomainError(
        'not-found',
        'operation-not-of-sketch',
        `Operation ${row.id} is not of sketch ${sketchId}, but of sketch ${row.sketch_id}.`,
        { details: { operationId: row.id, asked: sketchId, found: row.sketch_id } },
      )
    }
    await access.requireOpenSketch(principal, row.sketch_id, 'write')
    await undoOrRedoGroup(context, principal, row, active ? 'done' : 'undone')
    await audit.record(principal, {
      action: active ? 'event.redo' : 'event.undo',
      subject: `operation/${operationId}`,
      sketchId: row.sketch_id,
    })
    await noteChange(context, row.sketch_id, 'marks', { operationId })
    return await service.getOperation(principal, operationId)
  }

  const service: MarkService = {
    addTags: (principal, sketchId, tags, target, options) =>
      markTags(principal, sketchId, 'tag', tags, target, options),
    removeTags: (principal, sketchId, tags, target, options) =>
      markTags(principal, sketchId, 'untag', tags, target, options),
    addLabel: (principal, sketchId, label, target, options = {}) =>
      carryOutMark(context, principal, sketchId, { kind: 'label', value: label, target, options }),
    removeLabel: (principal, sketchId, label, target, options = {}) =>
      carryOutMark(context, principal, sketchId, { kind: 'unlabel', value: label, target, options }),
    toggleLabel: (principal, sketchId, label, ids) =>
      withMarkTurn(context, sketchId, () => toggleLabel(context, principal, sketchId, label, ids)),
    addAttributes: (principal, sketchId, items) => addAttributes(context, principal, sketchId, items),

    setAttributes: (principal, sketchId, items, options) =>
      setAttributes(context, principal, sketchId, items, options),

    async addComment(principal, sketchId, eventIds, text, options = {}) {
      await access.requireOpenSketch(principal, sketchId, 'write')
      if (eventIds.length === 0) throw invalid('no-events', 'A comment needs an event.')
      requireFewIds(eventIds)
      const { scope } = await resolveScope(context, sketchId, { entries: 'all', includeProcessing: true })
      const events =
        scope.length === 0 ? [] : await readInTurns(eventIds, (ids) => store.getEvents(scope, ids))
      for (const [place, eventId] of eventIds.entries()) {
        if (!events[place]) throw notFound('event', eventId.slice(0, 128))
      }
      const atMs = context.now()
      const result = await carryOutMark(context, principal, sketchId, {
        kind: 'comment',
        value: text,
        target: { ids: eventIds },
        options,
        async alongside(transaction, operationId) {
          for (const some of chunk(events)) {
            const made = some.map((event) => ({
              sketch_id: sketchId,
              event_id: event!.id,
              index_name: event!.index,
              user_id: principal.userId,
              text,
              operation_id: operationId,
              is_deleted: 0,
              deletion_id: null,
              created_at_ms: atMs,
              updated_at_ms: atMs,
            }))
            await transaction.insertInto('comments').values(made).execute()
          }
        },
      })
      const rows = await db
        .selectFrom('comments')
        .selectAll()
        .where('operation_id', '=', result.operationId)
        .orderBy('id')
        .execute()
      return {
        result,
        comments: rows.map((row) => ({
          id: row.id,
          sketchId,
          eventId: row.event_id,
          indexName: row.index_name,
          userId: row.user_id,
          username: principal.username,
          text: row.text,
          createdAtMs: row.created_at_ms,
          updatedAtMs: row.updated_at_ms,
        })),
      }
    },
    async updateComment(principal, sketchId, commentId, text) {
      const comment = await requireOwnComment(principal, sketchId, commentId)
      await changeComment(context, principal, comment, text)
      return (await findComment(db, sketchId, commentId))!
    },
    async deleteComment(principal, sketchId, commentId) {
      await deleteComment(context, principal, await requireOwnComment(principal, sketchId, commentId))
    },
    async listComments(principal, sketchId, eventIds) {
      await access.requireSketch(principal, sketchId, 'read')
      return await loadComments(db, sketchId, eventIds)
    },

    async labelCounts(principal, sketchId) {
      await access.requireSketch(principal, sketchId, 'read')
      const { scope } = await resolveScope(context, sketchId, { entries: 'all', includeProcessing: true })
      if (scope.length === 0) return []
      const rows = await db
        .selectFrom('mark_operations')
        .select(['kind', 'value'])
        .distinct()
        .where('sketch_id', '=', sketchId)
        .where('state', '=', 'done')
        .where('kind', 'in', ['label', 'comment'])
        .execute()
      const labels = [...new Set(rows.map((row) => (row.kind === 'comment' ? COMMENT_LABEL : row.value)))]
      if (labels.length === 0) return []
      const questions = labels.map((name): Query => ({ kind: 'label', name, sketchId }))
      const result = await store.search({
        scope,
        query: { kind: 'or', of: questions },
        sort: 'asc',
        size: 0,
        // By place: a label may have any name.
        aggregations: { labels: { kind: 'filters', filters: Object.fromEntries(questions.entries()) } },
      })
      const counts = result.aggregations['labels']
      if (counts?.kind !== 'buckets') throw new Error('the labels were not counted')
      return counts.buckets
        .map(({ key, count }) => ({ label: labels[Number(key)]!, count }))
        .filter(({ count }) => count > 0)
        .toSorted((a, b) => b.count - a.count || compareTexts(a.label, b.label))
    },

    async history(principal, sketchId, options = {}) {
      await access.requireSketch(principal, sketchId, 'read')
      return await listOperations(db, sketchId, options)
    },
    async getOperation(principal, operationId) {
      const row = await requireOperation(principal, operationId, 'read')
      return (await toOperationRecords(db, [row]))[0]!
    },
    undo: (principal, operationId, options = {}) => setActive(principal, operationId, false, options),
    redo: (principal, operationId, options = {}) => setActive(principal, operationId, true, options),
  }
  return service
}
