import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SigmaSource } from '@timeskein/query/sigma'
import type { ServiceContext } from '../service-context.ts'
import { addRules } from './add-rules.ts'

/** Where the rules are that come with the program. */
export const STARTER_FOLDER: string = join(import.meta.dirname, '../../../starter-rules')

/**
 * Puts the rules that come with the program into the library, and new versions of them where the program brings some. Those that
 * somebody changed or removed are left as they are.
 */
export async function bringInStarterRules(context: Pick<ServiceContext, 'db' | 'now'>): Promise<void> {
  const known = await findKnownTexts(context)
  const fresh = (await readStarterRules()).filter(({ file, text }) => !known.has(`${file}\n${text}`))
  if (fresh.length === 0) return
  await addRules(context, fresh, {
    principal: undefined,
    origin: 'starter',
    isEnabled: true,
    nowMs: context.now(),
  })
}

/** The starter set, by name of its files. */
export async function readStarterRules(): Promise<readonly SigmaSource[]> {
  const names = (await readdir(STARTER_FOLDER)).filter((name) => name.endsWith('.yml')).sort()
  return await Promise.all(
    names.map(async (name) => ({
      file: `starter/${name}`,
      text: await readFile(join(STARTER_FOLDER, name), 'utf8'),
    })),
  )
}

/** What the program put there before, with the files it came from. */
async function findKnownTexts({ db }: Pick<ServiceContext, 'db'>): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('rule_versions')
    .innerJoin('rules', 'rules.id', 'rule_versions.rule_id')
    .select(['file', 'text'])
    .where('user_id', 'is', null)
    .execute()
  return new Set(rows.map(({ file, text }) => `${file}\n${text}`))
}
