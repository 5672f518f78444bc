import type { Selectable } from 'kysely'
import type { Principal } from '../auth/principal.ts'
import type { Schema } from '../db/schema.ts'
import { notFound } from '../errors/domain-error.ts'
import type { Act } from './audit/audit-service.ts'
import type { ServiceContext } from './service-context.ts'

/** Tables of what people keep in a sketch. */
export type SketchTable =
  | 'aggregation_groups'
  | 'aggregations'
  | 'graphs'
  | 'questions'
  | 'saved_searches'
  | 'scenarios'
  | 'stories'

/** One kind of what people keep in a sketch: its rows, and what the audit log says of them. */
export class SketchRows<Table extends SketchTable> {
  readonly #context: Pick<ServiceContext, 'audit' | 'db'>
  readonly #table: Table
  readonly #kind: string
  readonly #subject: string

  /**
   * @param kind - In words, as errors say it.
   * @param subject - As the audit log says it.
   */
  constructor(
    context: Pick<ServiceContext, 'audit' | 'db'>,
    table: Table,
    kind: string,
    subject: string = kind,
  ) {
    this.#context = context
    this.#table = table
    this.#kind = kind
    this.#subject = subject
  }

  /** @throws {DomainError} `not-found`, for a row of another sketch too. */
  async find(sketchId: number, id: number): Promise<Selectable<Schema[Table]>> {
    const row = Number.isSafeInteger(id)
      ? await this.#context.db
          .selectFrom<SketchTable>(this.#table)
          .selectAll()
          .where('id', '=', id)
          .where('sketch_id', '=', sketchId)
          .executeTakeFirst()
      : undefined
    if (!row) throw notFound(this.#kind, id)
    return row as Selectable<Schema[Table]>
  }

  /**
   * Enters into the audit log what was done to one.
   *
   * @param verb - `create`, `update`, `delete` or what else a kind knows.
   */
  record(
    principal: Principal,
    verb: string,
    sketchId: number,
    id: number,
    details?: Act['details'],
  ): Promise<void> {
    const act = { action: `${this.#subject}.${verb}`, subject: `${this.#subject}/${id}`, sketchId }
    return this.#context.audit.record(principal, details === undefined ? act : { ...act, details })
  }
}
