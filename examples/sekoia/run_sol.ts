/**
 * Rows of a program in SOL, one a line.
 *
 *   node examples/sekoia/run_sol.ts 'events | where timestamp > ago(1d) | aggregate count() by source.ip | top 10 by count'
 */
import { connect } from './connect.ts'

const [program = 'alerts | aggregate count() by status'] = process.argv.slice(2)
const onWarning = (warning: string): void => console.error(`warning: ${warning}`)
for await (const row of connect().sol(program, { onWarning })) console.log(JSON.stringify(row))
