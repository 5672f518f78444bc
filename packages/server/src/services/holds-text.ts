import { type RawBuilder, type SqlBool, sql } from 'kysely'

/**
 * Whether the text of a column holds another one: letters of ASCII in either case, for the database folds no others, and all else,
 * a NUL too, as it is written.
 */
export function holdsText(column: string, text: string): RawBuilder<SqlBool> {
  const folded = text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
  return sql<SqlBool>`instr(lower(${sql.ref(column)}), ${folded}) > 0`
}
