/**
 * Security events as they come, each once: also over restarts, since the file keeps how far it has come.
 *
 *   node examples/elements/poll_security_events.ts events.cursor [--once]
 */
import { fileCursor } from '@timeskein/sdk/node'
import { connect } from './connect.ts'

const [path = 'events.cursor', ...flags] = process.argv.slice(2)
const events = connect().securityEvents.poll({
  engineGroup: ['epp', 'edr'],
  since: '24h',
  every: '1m',
  cursor: fileCursor(path),
  once: flags.includes('--once'),
})
for await (const { id, persistenceTimestamp } of events)
  console.log(`EventId=${id}, EventTs=${persistenceTimestamp}`)
