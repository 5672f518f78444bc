import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Principal } from '../auth/principal.ts'
import { openSystem } from '../open-system.ts'
import type { System, SystemOptions } from '../system.ts'

/** An open system in a directory of its own that goes with it. For tests. */
export interface TemporarySystem extends AsyncDisposable {
  readonly system: System
  readonly directory: string
  /** The first run's administrator, acting locally. */
  readonly admin: Principal
  /** Makes a user and acts as them. */
  addUser(username: string): Promise<Principal>
}

/** Opens a system on a new temporary directory; without the starter set of rules unless the options ask for it. */
export async function openTemporarySystem(
  options: Omit<SystemOptions, 'dataDirectory'> = {},
): Promise<TemporarySystem> {
  const directory = await makeTemporaryDirectory()
  const system = await openSystem({ dataDirectory: directory, starterRules: false, ...options })
  const admin = await system.services.auth.localPrincipal('admin')
  return {
    system,
    directory,
    admin,
    async addUser(username) {
      await system.services.users.create(admin, { username, password: 'correct horse' })
      return await system.services.auth.localPrincipal(username)
    },
    async [Symbol.asyncDispose]() {
      await system.close({ deadlineMs: 0 })
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** A new directory under the system's place for temporary files. */
export async function makeTemporaryDirectory(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'timeskein-'))
}
