/**
 * The newest events that answer a term, as JSON.
 *
 *   node examples/sekoia/search_events.ts --dates=30d,now --query='source.ip: "1.2.3.4"' [--count=100]
 */
import { parseArgs } from 'node:util'
import { connect } from './connect.ts'

const { values } = parseArgs({
  options: {
    dates: { type: 'string', default: '30d,now' },
    query: { type: 'string', default: '*' },
    count: { type: 'string', default: '100' },
  },
})
const [earliest = '30d', latest = 'now'] = values.dates.split(',')
const events = connect().search(values.query, { earliest, latest, maxEvents: Number(values.count) })
console.log(JSON.stringify(await events.toArray(), undefined, 4))
