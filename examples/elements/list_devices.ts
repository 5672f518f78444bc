/** Every device whose protection is critical, page by page behind the loop. */
import { connect } from './connect.ts'

const critical = connect().devices.list({ protectionStatusOverview: 'critical', pageSize: 10 })
for await (const { name, protectionStatusOverview, company } of critical)
  console.log(`Device name=${name}, status=${protectionStatusOverview}, company=${company.name}`)
