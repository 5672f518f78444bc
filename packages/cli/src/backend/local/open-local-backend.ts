import { diagnose, openSystem, type Principal, type System } from '@timeskein/server'
import type { Backend } from '../backend.ts'
import { createAuditCalls } from './audit.ts'
import { createImportCalls } from './imports.ts'
import { createMarkCalls } from './marks.ts'
import { createQuestionCalls } from './questions.ts'
import { createSketchCalls } from './sketches.ts'
import { createUserCalls } from './users.ts'

/** Whose services do the work, and for whom. */
export type LocalPlace = Pick<System, 'services'> & { readonly principal: Principal }

/**
 * Opens a data directory in this process, acting as one of its users.
 *
 * @param options.tellOnce - Gets the password of the administrator that a first run makes: it is told this once, also when
 *   what was asked for then fails.
 */
export async function openLocalBackend(options: {
  dataDirectory: string
  username: string
  tellOnce: (message: string) => void
}): Promise<Backend> {
  const system = await openSystem({ dataDirectory: options.dataDirectory })
  const { firstAdmin } = system
  if (firstAdmin)
    options.tellOnce(
      `first run: the administrator ${firstAdmin.username} has the password ${firstAdmin.password} (shown this once)`,
    )
  try {
    const principal = await system.services.auth.localPrincipal(options.username)
    return { ...createLocalBackend(system, principal), [Symbol.asyncDispose]: () => system.close() }
  } catch (error) {
    await system.close()
    throw error
  }
}

/** Does the work in this process, on an open system, which stays open. */
export function createLocalBackend(system: System, principal: Principal): Backend {
  const place: LocalPlace = { services: system.services, principal }
  return {
    place: system.dataDirectory,
    notes: system.recovery.map((note) => note.message),
    ...createUserCalls(place),
    ...createSketchCalls(place),
    ...createImportCalls(place),
    ...createQuestionCalls(place),
    ...createMarkCalls(place),
    ...createAuditCalls(place),
    diagnose: () => diagnose(system),
    forTidying: () => createLocalBackend(system, principal),
    async [Symbol.asyncDispose]() {
      // Who opened the system closes it.
    },
  }
}
