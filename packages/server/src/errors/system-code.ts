/** What the C library says for the codes that a caller can act on, and SQLite: errors of databases carry the words alone. */
const WORDS: readonly (readonly [words: string, code: string])[] = [
  ['No space left on device', 'ENOSPC'],
  // SQLITE_FULL
  ['database or disk is full', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
  ['Read-only file system', 'EROFS'],
]

/**
 * The system's code (`ENOSPC`) behind an error, also where it is the cause of another or only told in words.
 *
 * @returns Undefined when the system has nothing to do with it.
 */
export function findSystemCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code)) return error.code
  const told = WORDS.find(([words]) => error.message.includes(words))
  return told ? told[1] : findSystemCode(error.cause)
}
