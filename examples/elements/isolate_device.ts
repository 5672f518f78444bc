/**
 * Cuts a device off the network and waits until it is done.
 *
 *   node examples/elements/isolate_device.ts DEVICE_ID
 */
import { connect } from './connect.ts'

const [deviceId] = process.argv.slice(2)
if (!deviceId) {
  console.error('usage: node examples/elements/isolate_device.ts DEVICE_ID')
  process.exit(2)
}
const { devices } = connect()
const [started] = await devices.isolate(deviceId, { message: 'This device is looked into.' })
if (started?.operationId === undefined) {
  console.log(`Device=${deviceId}: ${started?.status} ${started?.details ?? ''}`)
  process.exitCode = 1
} else {
  const { status } = await devices.waitForOperation(deviceId, started.operationId, { every: '500ms' })
  console.log(`Device=${deviceId}, operation=${started.operationId}, status=${status}`)
}
