/**
 * Rules of the catalogue, all of them or those of a name.
 *
 *   node examples/sekoia/list_rules.ts [NAME]
 */
import { connect } from './connect.ts'

const [name] = process.argv.slice(2)
for await (const rule of connect().rules.list(name === undefined ? {} : { match: { name } }))
  console.log(JSON.stringify(rule, undefined, 4))
