/** Dismisses every active alert of the lowest severity, and says how many of each are left. */
import { connectV2 } from './connect.ts'

const client = connectV2()
await client.selfTest()
await client.alerts.dismissAll({ severity: 3 }, { reason: 'OTHER', text: 'looked through' })
for (const { severity, count } of await client.alerts.severityCounts())
  console.log(`severity ${severity}: ${count}`)
