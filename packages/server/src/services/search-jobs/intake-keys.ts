import { escapeWildcard, type Query, splitWildcard } from '@timeskein/query'
import { replaceConditions } from './replace-conditions.ts'

/** The field by which a question asks for the events that came in by an intake's key. Events here do not have it: it is a secret. */
const KEY = 'sekoiaio.intake.key'
const UID = 'sekoiaio.intake.uuid'

/** Uids of the intakes with a key, of those that the caller may see. */
export type FindIntakes = (key: string) => Promise<readonly string[]>

/**
 * Has conditions such as `sekoiaio.intake.key:"…"` answered also by events of the intake that has the key. A key is compared as a whole
 * and with its case; with signs that stand for any character nobody can find it out piece by piece.
 */
export async function resolveIntakeKeys(query: Query, find: FindIntakes): Promise<Query> {
  return await replaceConditions(query, async (condition) => {
    if (!('field' in condition) || condition.field !== KEY) return condition
    if (condition.kind === 'exists') return { kind: 'or', of: [condition, { ...condition, field: UID }] }
    if (condition.kind !== 'wildcard') return condition
    const [key, ...more] = splitWildcard(condition.pattern)
    if (key?.kind !== 'literal' || more.length > 0) return condition
    const uids = await find(key.text)
    return {
      kind: 'or',
      of: [condition, ...uids.map((uid) => ({ ...condition, field: UID, pattern: escapeWildcard(uid) }))],
    }
  })
}
