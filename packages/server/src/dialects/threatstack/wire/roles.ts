import type { User } from '../../../services/users/user-service.ts'

/** What a user is called: administrators are owners. */
export function roleOf({ isAdmin }: Pick<User, 'isAdmin'>): string {
  return isAdmin ? 'owner' : 'user'
}
