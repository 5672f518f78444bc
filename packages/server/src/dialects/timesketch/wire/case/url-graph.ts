import type { UrlGraph, UrlReading } from '@timeskein/analyze'

/** How each kind of reading is told: in the summary and on its edges. */
const READINGS: Readonly<Record<UrlReading, { title: string; label: string }>> = {
  url: { title: 'URL Parsing Functions', label: 'u' },
  time: { title: 'Date & Time Parsing Functions', label: '🕓' },
  encoding: { title: 'Encoding Parsing Functions', label: 'b64' },
  identifier: { title: 'Identifier Parsing Functions', label: 'id' },
}

/** A URL taken apart, as the web page draws it (vis.js: nodes and edges). */
export function marshalUrlGraph(graph: UrlGraph): Record<string, unknown> {
  const summary: Record<string, number> = {}
  for (const edge of graph.edges) {
    const { title } = READINGS[edge.kind]
    summary[title] = (summary[title] ?? 0) + 1
  }
  return {
    nodes: graph.nodes.map((node) => ({
      id: node.id,
      label: node.label,
      ...(node.title === undefined ? {} : { title: node.title }),
      widthConstraint: { maximum: 200 },
    })),
    edges: graph.edges.map((edge) => ({
      from: edge.from,
      to: edge.to,
      ...READINGS[edge.kind],
      color: { color: '#4d4d4d' },
    })),
    summary,
  }
}
