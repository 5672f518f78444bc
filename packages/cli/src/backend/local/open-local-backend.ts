import { diagnose, openSystem, type Principal, type System } from '@timeskein/server'
import type { Backend } from '../backend.ts'
import { createAuditCalls } from './audit.ts'
import { createConnectorCalls } from './connectors.ts'
import { createDetectionCalls } from './detection.ts'
import { createImportCalls } from './imports.ts'
import { createMarkCalls } from './marks.ts'
import { createQuestionCalls } from './questions.ts'
import { createSketchCalls } from './sketches.ts'
import { createUserCalls } from './users.ts'

/** Whose services do the work, and for whom. */
export type LocalPlace = Pick<System, 'services'> & { readonly principal: Principal }

/** Which data directory is opened, and for whom. */
export interface LocalOptions {
  readonly dataDirectory: string
  readonly username: string
  /**
   * Gets the password of the administrator that a first run makes: it is told this once, also when what was asked for then fails.
   */
  readonly tellOnce: (message: string) => void
  /** Once it has aborted, closing waits for nothing that can be done the next time. */
  readonly signal: AbortSignal
}

/** A data directory that is open in this process, and who acts in it. */
export interface LocalSystem {
  readonly system: System
  readonly principal: Principal
  close(): Promise<void>
}

/** Opens a data directory in this process, acting as one of its users. */
export async function openLocalBackend(options: LocalOptions): Promise<Backend> {
  const { system, principal, close } = await openLocalSystem(options)
  return { ...createLocalBackend(system, principal), [Symbol.asyncDispose]: close }
}

/** The same, for whoever needs the system itself and closes it. */
export async function openLocalSystem(options: LocalOptions): Promise<LocalSystem> {
  const system = await openSystem({ dataDirectory: options.dataDirectory })
  const { firstAdmin } = system
  if (firstAdmin)
    options.tellOnce(
      `first run: the administrator ${firstAdmin.username} has the password ${firstAdmin.password} (shown this once)`,
    )
  try {
    return {
      system,
      principal: await system.services.auth.localPrincipal(options.username),
      close: () => system.close(options.signal.aborted ? { deadlineMs: 0 } : {}),
    }
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
    ...createConnectorCalls(place),
    ...createDetectionCalls(place),
    diagnose: () => diagnose(system),
    forTidying: () => createLocalBackend(system, principal),
    async [Symbol.asyncDispose]() {
      // Who opened the system closes it.
    },
  }
}
