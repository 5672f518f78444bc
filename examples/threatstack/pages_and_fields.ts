/** One page of ten; all, page by page; and two members only. */
import { connect } from './connect.ts'

const { agents } = connect()
const third = await agents.list({ page: 2, count: 10 }).toArray()
console.log(`page 2: ${third.length}`)
for await (const { items } of agents.list({ count: 50 }).pages()) console.log(`a page of ${items.length}`)
for await (const { hostname, ip_address } of agents.list({ fields: ['hostname', 'ip_address'] }))
  console.log(`${hostname} ${ip_address}`)
