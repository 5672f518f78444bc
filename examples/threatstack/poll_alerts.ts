/**
 * Alerts as they come, each once, also over restarts: `node poll_alerts.ts CURSOR_FILE [--once]`. Ctrl-C ends it.
 */
import { fileCursor } from '@timeskein/sdk/node'
import { connectV2 } from './connect.ts'

const [file = 'threatstack.cursor', ...flags] = process.argv.slice(2)
const alerts = connectV2().alerts.poll({
  since: '7d',
  every: '1m',
  cursor: fileCursor(file),
  once: flags.includes('--once'),
})
for await (const { severity, title, createdAt } of alerts) console.log(`${createdAt} ${severity} ${title}`)
