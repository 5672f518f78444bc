/** Alerts of a month, of an hour, and of the last hour. */
import { connect } from './connect.ts'

const { alerts } = connect()
const month = await alerts.list({ start: '2017-05-01', end: '2017-05-31' }).toArray()
console.log(`May 2017: ${month.length}`)
const hour = await alerts.list({ start: '2017-05-01 08:00:00', end: '2017-05-01 09:00:00' }).toArray()
console.log(`8 to 9 on May 1: ${hour.length}`)
const byDate = await alerts.list({ start: new Date(Date.now() - 3_600_000), end: new Date() }).toArray()
const byDuration = await alerts.list({ start: '1h' }).toArray()
console.log(`the last hour: ${byDate.length}, ${byDuration.length}`)
