import type { ImportProfile } from '@timeskein/model'

/** What a file says for all of its rows, and they do not: equal rows of two hosts, or of two people's histories, are two events. */
export const ORIGIN_FIELDS: readonly string[] = ['hostname', 'display_name']

/** Names the origin of a file's rows: in one timeline, only equal rows of the same origin are the same ones. */
export function nameOrigin({ constants }: Pick<ImportProfile, 'constants'>): string {
  return JSON.stringify(ORIGIN_FIELDS.map((name) => constants[name]))
}
