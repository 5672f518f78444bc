import type { Principal } from '../../auth/principal.ts'

/** Whether a key allows for one of some permissions; one that names none allows for whatever its user may do. */
export function holds({ permissions }: Principal, wanted: readonly string[]): boolean {
  return !permissions || wanted.some((permission) => permissions.has(permission))
}
