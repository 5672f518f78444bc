import type { UserCall } from './app-types.ts'

/** Notes in the audit log that somebody takes events, or a whole sketch, out of the house; before the first of them is sent. */
export async function noteExport(
  call: UserCall,
  sketchId: number,
  details: { readonly format: 'jsonl' | 'csv' | 'zip'; readonly what: 'events' | 'sketch' },
): Promise<void> {
  await call.services.audit.record(call.principal, {
    action: 'sketch.export',
    subject: `sketch/${sketchId}`,
    sketchId,
    details,
  })
}
