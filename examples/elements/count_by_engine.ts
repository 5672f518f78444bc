/** How many security events each engine has told in the last week. */
import { connect } from './connect.ts'

console.log('|Engine|Events count|')
for (const { engine, count } of await connect().securityEvents.count('engine', {
  engineGroup: 'epp',
  start: '7d',
}))
  console.log(`|${engine}|${count}|`)
