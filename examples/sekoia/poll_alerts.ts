/**
 * Alerts as they come and change, each change once: also over restarts, since the file keeps how far it has come.
 *
 *   node examples/sekoia/poll_alerts.ts alerts.cursor [--once]
 */
import { fileCursor } from '@timeskein/sdk/node'
import { connect } from './connect.ts'

const [path = 'alerts.cursor', ...flags] = process.argv.slice(2)
const alerts = connect().alerts.poll({
  since: '7d',
  every: '1m',
  cursor: fileCursor(path),
  once: flags.includes('--once'),
})
for await (const alert of alerts)
  console.log(
    `Alert=${alert.short_id}, status=${alert.status.name}, urgency=${alert.urgency.value}, title=${alert.title}`,
  )
