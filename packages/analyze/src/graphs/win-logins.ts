import { fieldText } from '../field-text.ts'
import type { GraphPlugin } from './graph.ts'
import { GraphBuilder } from './graph-builder.ts'

/** Who logged on to which computer, and how. Reads what the login analyzer tagged. */
export const winLogins: GraphPlugin = {
  name: 'winlogins',
  displayName: 'Windows logins',
  description: 'Users and the computers they logged on to, by type of logon',
  async draw(events) {
    const graph = new GraphBuilder()
    for await (const page of events.read({ kind: 'term', field: 'tag.keyword', value: 'logon-event' }))
      for (const event of page) {
        const computer = graph.addNode(fieldText(event, 'computer_name') ?? 'UNKNOWN', { type: 'computer' })
        const user = graph.addNode(fieldText(event, 'username') ?? 'UNKNOWN', { type: 'user' })
        graph.addEdge(user, computer, fieldText(event, 'logon_type') ?? 'UNKNOWN', event)
      }
    return graph.finish()
  },
}
