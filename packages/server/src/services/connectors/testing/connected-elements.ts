import type { Principal } from '../../../auth/principal.ts'
import type { SystemOptions } from '../../../system.ts'
import { openTemporarySystem, type TemporarySystem } from '../../../testing/temporary-system.ts'
import { type FakeElements, startFakeElements } from './fake-elements.ts'

/** A system with a sketch of `ana`, into which a connector `edr` pulls from a platform on this machine. */
export interface ConnectedElements extends AsyncDisposable {
  readonly place: TemporarySystem
  readonly elements: FakeElements
  readonly ana: Principal
  readonly sketchId: number
}

/** Opens them; nothing is pulled yet. */
export async function connectElements(
  options: Pick<SystemOptions, 'openStore'> = {},
): Promise<ConnectedElements> {
  await using undo = new AsyncDisposableStack()
  const place = undo.use(await openTemporarySystem(options))
  const elements = undo.use(await startFakeElements())
  const ana = await place.addUser('ana')
  const { services } = place.system
  const { id: sketchId } = await services.sketches.create(ana, { name: 'case' })
  const { url } = elements
  const input = { name: 'edr', platform: 'elements', url, sketchId, clientId: 'client' } as const
  await services.connectors.add({ ...ana, via: 'local' }, { ...input, secret: 'secret' })
  const kept = undo.move()
  return { place, elements, ana, sketchId, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}
