import { writeRowId } from '../request/wire-ids.ts'

/** Somebody of ours as the API tells it: an account's id. */
export function tellAuthor(userId: number | undefined): {
  readonly by: string
  readonly type: 'user' | 'application'
} {
  return userId === undefined
    ? { by: '00000000-0000-0000-0000-000000000000', type: 'application' }
    : { by: writeRowId('user', userId), type: 'user' }
}

/** ISO 8601 with microseconds, as the API writes times: `2026-01-01T00:00:00.000000Z`. */
export function writeTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z')
}

/** Whole seconds since 1970. */
export function toSeconds(ms: number): number {
  return Math.floor(ms / 1000)
}
