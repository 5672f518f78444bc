import type { Principal } from '../../auth/principal.ts'
import type { AccessService } from '../access/access-service.ts'
import type { TimelineSelection } from './explore-service.ts'

/** The sketch of a question, if the caller may read it. @throws {DomainError} `conflict` (`sketch-archived`) unless the selection includes what is archived. */
export async function requireAskedSketch(
  access: AccessService,
  principal: Principal,
  sketchId: number,
  selection: TimelineSelection | undefined,
): Promise<void> {
  const need = selection?.includeArchived === true ? 'requireSketch' : 'requireOpenSketch'
  await access[need](principal, sketchId, 'read')
}
