import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SigmaSource } from '@timeskein/query/sigma'
import type { ServiceContext } from '../service-context.ts'
import { addRules } from './add-rules.ts'

/** Where the rules are that come with the program. */
export const STARTER_FOLDER: string = join(import.meta.dirname, '../../../starter-rules')

/** Stands between the documents of a file (YAML 1.2, section 9.1.2). */
const DOCUMENT_MARKER = /^---\s*$/gm

/**
 * Puts the rules that come with the program into the library, and new versions of them where the program brings some. Those that
 * somebody changed or removed are left as they are.
 *
 * @returns Files of rules that were not known; where there are none, nothing that reads rules was loaded.
 */
export async function bringInStarterRules(context: Pick<ServiceContext, 'db' | 'now'>): Promise<number> {
  const known = await findKnownTexts(context)
  const fresh = (await readStarterRules()).filter((source) => !isKnown(source, known.get(source.file) ?? []))
  if (fresh.length === 0) return 0
  await addRules(context, fresh, {
    principal: undefined,
    origin: 'starter',
    isEnabled: true,
    nowMs: context.now(),
  })
  return fresh.length
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

/** Whether all that a file holds was put there before; a file of several rules became one text for each. */
function isKnown({ text }: SigmaSource, known: readonly string[]): boolean {
  let rest = text
  for (const one of known) rest = rest.replace(one.trim(), () => '')
  return rest.replaceAll(DOCUMENT_MARKER, '').trim() === ''
}

/** What the program put there before, by the files it came from. */
async function findKnownTexts({
  db,
}: Pick<ServiceContext, 'db'>): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await db
    .selectFrom('rule_versions')
    .innerJoin('rules', 'rules.id', 'rule_versions.rule_id')
    .select(['file', 'text'])
    .where('user_id', 'is', null)
    .execute()
  const texts = new Map<string, string[]>()
  for (const { file, text } of rows) {
    const own = texts.get(file) ?? []
    texts.set(file, own)
    own.push(text)
  }
  return texts
}
