import type { Principal } from '../../auth/principal.ts'
import { conflict, notFound } from '../../errors/domain-error.ts'
import { readableBy } from '../access/readable-by.ts'
import type { ServiceContext } from '../service-context.ts'
import { findSketch } from './load-sketches.ts'

/** What stands before a name that would be taken for an id: `name:3`. */
const NAME_PREFIX = 'name:'
/** Ids that a refusal names. */
const MAX_TOLD = 10

/**
 * The id of the sketch that is meant: digits mean an id where there is a sketch of it, anything else a name, and so does
 * whatever stands after `name:`. Whether the caller may read a sketch of that id is still to be checked.
 *
 * @throws {DomainError} `not-found`; `conflict` (`ambiguous-name`) when several readable sketches have the name.
 */
export async function resolveSketch(
  { db }: ServiceContext,
  principal: Principal,
  nameOrId: string,
): Promise<number> {
  if (/^\d{1,15}$/.test(nameOrId)) {
    const sketch = await findSketch(db, Number(nameOrId))
    if (sketch && sketch.status !== 'deleted') return sketch.id
  }
  const name = nameOrId.startsWith(NAME_PREFIX) ? nameOrId.slice(NAME_PREFIX.length) : nameOrId
  const rows = await db
    .selectFrom('sketches')
    .select('id')
    .where('name', '=', name)
    .where('status', '!=', 'deleted')
    .where('id', 'in', readableBy(principal, 'sketch'))
    .orderBy('id')
    .limit(MAX_TOLD + 1)
    .execute()
  const [first, ...others] = rows.map((row) => row.id)
  if (first === undefined) throw notFound('sketch', nameOrId)
  if (others.length === 0) return first
  const ids = [first, ...others].slice(0, MAX_TOLD)
  throw conflict(
    'ambiguous-name',
    `One sketch was expected of the name ${JSON.stringify(name)}, found several: ${ids.join(', ')}${
      others.length < MAX_TOLD ? '' : ' and more'
    }. Say which by its id.`,
    { name, ids },
  )
}
