import type { EventSource } from '../event-source.ts'
import { fieldText } from '../field-text.ts'
import type { GraphPlugin } from './graph.ts'
import { GraphBuilder } from './graph-builder.ts'

/** File names that one question asks for. */
const NAMES_PER_QUESTION = 200

/** Which files were downloaded with Chrome, and which of them were executed where. */
export const chromeDownloads: GraphPlugin = {
  name: 'chromedownloads',
  displayName: 'Chrome downloads',
  description: 'Files that were downloaded, the computers they came to, and where they were executed',
  async draw(events) {
    const graph = new GraphBuilder()
    const fileNames = new Set<string>()
    const query = {
      kind: 'term',
      field: 'data_type.keyword',
      value: 'chrome:history:file_downloaded',
    } as const
    for await (const page of events.read(query))
      for (const event of page) {
        const path = fieldText(event, 'full_path')
        const bytes = fieldText(event, 'received_bytes') ?? ''
        const fileName = path?.split(path.includes('\\') ? '\\' : '/').at(-1)
        if (fileName) fileNames.add(fileName)
        const computer = graph.addNode(fieldText(event, 'hostname') ?? 'UNKNOWN', { type: 'computer' })
        const file = graph.addNode(
          fileName ?? `UNKNOWN file download from ${fieldText(event, 'domain') ?? ''}`,
          { type: 'file', full_path: path ?? fieldText(event, 'url') ?? '', received_bytes: bytes },
        )
        graph.addEdge(computer, file, `Downloaded ${bytes} bytes`, event)
      }
    await addExecutions(graph, events, [...fileNames])
    return graph.finish()
  },
}

/** Executions (prefetch files) of programs that are named like a downloaded file. */
async function addExecutions(
  graph: GraphBuilder,
  events: EventSource,
  fileNames: readonly string[],
): Promise<void> {
  for (let start = 0; start < fileNames.length; start += NAMES_PER_QUESTION) {
    const some = fileNames.slice(start, start + NAMES_PER_QUESTION)
    const query = {
      kind: 'or',
      of: some.map((text) => ({ kind: 'phrase', field: 'executable', text, slop: 0 }) as const),
    } as const
    for await (const page of events.read(query))
      for (const event of page) {
        const computer = graph.addNode(fieldText(event, 'hostname') ?? 'UNKNOWN', { type: 'computer' })
        const executable = graph.addNode(fieldText(event, 'executable') ?? 'UNKNOWN', { type: 'file' })
        graph.addEdge(computer, executable, 'Executed', event)
      }
  }
}
