/**
 * Sends the lines of the standard input to an intake, each as an event.
 *
 *   node examples/sekoia/push_events.ts INTAKE_KEY < events.jsonl
 */
import { createInterface } from 'node:readline'
import { connect } from './connect.ts'

const [key] = process.argv.slice(2)
if (!key) {
  console.error('usage: node examples/sekoia/push_events.ts INTAKE_KEY < events.jsonl')
  process.exit(2)
}
let count = 0
for await (const ids of connect()
  .intake(key)
  .sendAll(createInterface({ input: process.stdin })))
  count += ids.length
console.log(`Events=${count}`)
