import { fieldText } from '../field-text.ts'
import type { GraphPlugin } from './graph.ts'
import { GraphBuilder } from './graph-builder.ts'

/** Event 7045 of the Service Control Manager: "A service was installed in the system". */
const SERVICE_INSTALLED = 7045

/** Which services were installed on which computers, by whom. Events with fewer than four strings say too little. */
export const winServices: GraphPlugin = {
  name: 'winservice',
  displayName: 'Windows services',
  description: 'Services that were installed, with their users and computers',
  async draw(events) {
    const graph = new GraphBuilder()
    const query = { kind: 'term', field: 'event_identifier', value: SERVICE_INSTALLED } as const
    for await (const page of events.read(query))
      for (const event of page) {
        const strings = event.get('strings')
        if (!Array.isArray(strings) || strings.length < 4) continue
        const [name, imagePath, serviceType, startType] = strings.map(String) as [
          string,
          string,
          string,
          string,
        ]
        const computer = graph.addNode(fieldText(event, 'computer_name') ?? 'UNKNOWN', { type: 'computer' })
        const user = graph.addNode(fieldText(event, 'username') ?? 'UNKNOWN', { type: 'user' })
        const service = graph.addNode(name, { type: 'winservice', image_path: imagePath })
        graph.addEdge(user, service, startType, event)
        graph.addEdge(service, computer, serviceType, event)
      }
    return graph.finish()
  },
}
