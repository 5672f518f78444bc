import type { User } from '@timeskein/sdk'
import type { UserCalls, UserRow } from '../backend.ts'
import type { TimesketchPlace } from './open-timesketch-backend.ts'
import { refuse } from './refuse.ts'

/** Accounts of a Timesketch server: its API makes users and changes one's own password, and nothing else. */
export function createUserCalls({ timesketch, options }: TimesketchPlace): UserCalls {
  return {
    listUsers: async () => (await timesketch.users.list(options)).map(toUserRow),
    async addUser({ name, password, isAdmin }) {
      if (isAdmin) refuse('Administrators are made with tsctl, not by the API,')
      return toUserRow(await timesketch.users.create({ username: name, password }, options))
    },
    async setPassword(name, password) {
      const { username } = await timesketch.users.me(options)
      if (username !== name) refuse(`Only one's own password (${username}) can be changed`)
      await timesketch.users.changePassword(password, options)
    },
    disableUser: async () => refuse('Users are disabled with tsctl, not by the API,'),
    createKey: async () => refuse('There are no API keys'),
    createPlatformKey: async () => refuse('There are no API keys'),
    listKeys: async () => refuse('There are no API keys'),
    revokeKey: async () => refuse('There are no API keys'),
  }
}

function toUserRow(user: User): UserRow {
  return { id: user.id, name: user.username, isAdmin: user.isAdmin, isActive: user.isActive }
}
