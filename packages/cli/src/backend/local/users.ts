import { toApiKeyRow, toApiUser, type User } from '@timeskein/server'
import { CliError } from '../../cli-error.ts'
import { EXIT } from '../../exit-codes.ts'
import type { UserCalls } from '../backend.ts'
import { readKeyScope } from '../key-scope.ts'
import type { LocalPlace } from './open-local-backend.ts'

/** Accounts and keys of a data directory. */
export function createUserCalls({ services, principal }: LocalPlace): UserCalls {
  const { users, auth, platformKeys } = services
  const findUser = async (name: string): Promise<User> => {
    const user = await users.findByName(name)
    if (!user) throw new CliError(`there is no user "${name}". See: skein user list`, EXIT.notFound)
    return user
  }
  return {
    listUsers: async () => (await users.list()).map(toApiUser),
    addUser: async ({ name, password, isAdmin }) =>
      toApiUser(await users.create(principal, { username: name, password, isAdmin })),
    async setPassword(name, password) {
      await users.setPassword(principal, (await findUser(name)).id, password)
    },
    async disableUser(name) {
      await users.setActive(principal, (await findUser(name)).id, false)
    },
    async createKey({ name, scopes, user }) {
      const made = await auth.createApiKey(principal, {
        name,
        scopes: scopes.map(readKeyScope),
        ...(user === undefined ? {} : { userId: (await findUser(user)).id }),
      })
      return { id: made.apiKey.id, key: made.key }
    },
    async createPlatformKey({ user, ...key }) {
      const { id, credentials } = await platformKeys.create(principal, {
        ...key,
        ...(user === undefined ? {} : { userId: (await findUser(user)).id }),
      })
      return { id, ...credentials }
    },
    listKeys: async () => (await auth.listApiKeys(principal, { all: principal.isAdmin })).map(toApiKeyRow),
    revokeKey: (id) => auth.revokeApiKey(principal, id),
  }
}
