import type { User } from '../../../services/users/user-service.ts'

/** A user as every model carries its owner; all members null when the account is gone. */
export function marshalUser(user: User | undefined): Record<string, unknown> {
  const profile = { picture_url: null, picture_filename: null }
  if (!user) {
    return {
      id: 0,
      username: null,
      name: null,
      email: null,
      admin: null,
      active: null,
      groups: { name: null },
      profile,
    }
  }
  return {
    id: user.id,
    username: user.username,
    name: user.name || user.username,
    email: user.email || null,
    admin: user.isAdmin,
    active: user.isActive,
    groups: user.groups.map((name) => ({ name })),
    profile,
  }
}
