import { inTransaction, type SqlSession } from '../sql-session.ts'

/** Removes the words of segments that were merged. Only to be called while nobody can be asking for them. */
export async function removeStaleTerms(session: SqlSession, schema: string): Promise<void> {
  const stale = await session.rows(`SELECT value FROM ${schema}.meta WHERE key = 'stale_terms'`)
  if (stale[0]?.[0] !== '1') return
  await inTransaction(session, async () => {
    await session.run(`DELETE FROM ${schema}.terms WHERE segment NOT IN (SELECT id FROM ${schema}.segments)`)
    await session.run(`UPDATE ${schema}.meta SET value = '0' WHERE key = 'stale_terms'`)
  })
}
