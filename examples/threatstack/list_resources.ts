/** What there is of each kind, of the platform's default stretch of time. */
import { connect } from './connect.ts'

const client = connect()
for await (const agent of client.agents.list()) console.log(`agent ${agent.id}`)
for await (const { title } of client.alerts.list()) console.log(`alert ${title}`)
for await (const { description } of client.logs.list()) console.log(`log ${description}`)
for await (const { id, name } of client.organizations.list()) {
  console.log(`organization ${name}`)
  for await (const { display_name } of client.organizations.users(id)) console.log(`user ${display_name}`)
}
for await (const { name } of client.policies.list()) console.log(`policy ${name}`)
