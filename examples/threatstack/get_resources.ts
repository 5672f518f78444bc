/** One agent, alert and policy by their ids: `node get_resources.ts AGENT ALERT POLICY`. What is not there is undefined. */
import { connect } from './connect.ts'

const [agentId, alertId, policyId] = process.argv.slice(2)
if (!agentId || !alertId || !policyId) {
  console.error('usage: node get_resources.ts AGENT ALERT POLICY')
  process.exit(2)
}
const client = connect()
const agent = await client.agents.get(agentId)
console.log(agent ? `agent ${agent.hostname}` : 'Agent not found')
const alert = await client.alerts.get(alertId)
console.log(alert ? `alert ${alert.title}, ${alert.latest_events.length} events` : 'Alert not found')
const policy = await client.policies.get(policyId)
console.log(policy ? `policy ${policy.name}, ${policy.alert_policy.length} rules` : 'Policy not found')
