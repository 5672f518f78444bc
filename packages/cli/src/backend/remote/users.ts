import type { UserCalls } from '../backend.ts'
import { readKeyScope } from '../key-scope.ts'
import type { RemotePlace } from './open-remote-backend.ts'

/** Accounts and keys of a server. */
export function createUserCalls({ client, options }: RemotePlace): UserCalls {
  return {
    listUsers: () => client.listUsers(options),
    addUser: (user) => client.addUser(user, options),
    setPassword: (name, password) => client.setPassword(name, password, options),
    async disableUser(name) {
      await client.disableUser(name, options)
    },
    createKey: async (key) =>
      await client.createKey({ ...key, scopes: key.scopes.map(readKeyScope) }, options),
    createPlatformKey: (key) => client.createPlatformKey(key, options),
    listKeys: () => client.listKeys(options),
    revokeKey: (id) => client.revokeKey(id, options),
  }
}
