import { writeIfRoom } from '../errors/out-of-room.ts'
import type { UserCall } from './app-types.ts'

/**
 * Notes in the audit log that somebody takes events, or a whole sketch, out of the house; before the first of them is sent. On
 * a full disk the server's log tells of it instead.
 */
export async function noteExport(
  call: UserCall,
  sketchId: number,
  details: {
    readonly format: 'jsonl' | 'csv' | 'zip' | 'html' | 'markdown'
    readonly what: 'events' | 'sketch' | 'story'
  },
): Promise<void> {
  const { services, principal } = call
  const entry = { action: 'sketch.export', subject: `sketch/${sketchId}`, sketchId, details }
  const facts = { audit: { ...entry, userId: principal.userId, username: principal.username } }
  await writeIfRoom(call.log, facts, () => services.audit.record(principal, entry))
}
