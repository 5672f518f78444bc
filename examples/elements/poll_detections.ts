/**
 * Detections of incidents as they come, each once.
 *
 *   node examples/elements/poll_detections.ts detections.cursor [--once]
 */
import { fileCursor } from '@timeskein/sdk/node'
import { connect } from './connect.ts'

const [path = 'detections.cursor', ...flags] = process.argv.slice(2)
const detections = connect().incidents.pollDetections({
  archived: false,
  since: '24h',
  every: '1m',
  cursor: fileCursor(path),
  once: flags.includes('--once'),
})
for await (const { detectionId, incidentId, createdTimestamp } of detections)
  console.log(`DetectionId=${detectionId}, IncidentId=${incidentId}, Created=${createdTimestamp}`)
