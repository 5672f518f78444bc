import type { Command } from './command.ts'

/** The verbs in the order the overview lists them; each is loaded only when it is asked for. */
const LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  import: async () => (await import('./commands/import.ts')).importCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  count: async () => (await import('./commands/count.ts')).countCommand,
  histogram: async () => (await import('./commands/histogram.ts')).histogramCommand,
  top: async () => (await import('./commands/top.ts')).topCommand,
  tag: async () => (await import('./commands/mark.ts')).tagCommand,
  untag: async () => (await import('./commands/mark.ts')).untagCommand,
  star: async () => (await import('./commands/mark.ts')).starCommand,
  unstar: async () => (await import('./commands/mark.ts')).unstarCommand,
  comment: async () => (await import('./commands/mark.ts')).commentCommand,
  history: async () => (await import('./commands/history.ts')).historyCommand,
  undo: async () => (await import('./commands/undo.ts')).undoCommand,
  audit: async () => (await import('./commands/audit.ts')).auditCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  connect: async () => (await import('./commands/connect.ts')).connectCommand,
  pull: async () => (await import('./commands/pull.ts')).pullCommand,
  upload: async () => (await import('./commands/upload.ts')).uploadCommand,
  event: async () => (await import('./commands/case/event.ts')).eventCommand,
  'saved-search': async () => (await import('./commands/case/saved-search.ts')).savedSearchCommand,
  aggregate: async () => (await import('./commands/case/aggregate.ts')).aggregateCommand,
  analyze: async () => (await import('./commands/case/analyze.ts')).analyzeCommand,
  story: async () => (await import('./commands/case/story.ts')).storyCommand,
  attribute: async () => (await import('./commands/case/attribute.ts')).attributeCommand,
  intelligence: async () => (await import('./commands/case/intelligence.ts')).intelligenceCommand,
  sketch: async () => (await import('./commands/sketch.ts')).sketchCommand,
  timeline: async () => (await import('./commands/timeline.ts')).timelineCommand,
  rules: async () => (await import('./commands/rules.ts')).rulesCommand,
  policy: async () => (await import('./commands/policy.ts')).policyCommand,
  detect: async () => (await import('./commands/detect.ts')).detectCommand,
  alert: async () => (await import('./commands/finding.ts')).alertCommand,
  incident: async () => (await import('./commands/finding.ts')).incidentCommand,
  suppression: async () => (await import('./commands/suppression.ts')).suppressionCommand,
  sigma: async () => (await import('./commands/sigma.ts')).sigmaCommand,
  user: async () => (await import('./commands/user.ts')).userCommand,
  key: async () => (await import('./commands/key.ts')).keyCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
  serve: async () => (await import('./commands/serve.ts')).serveCommand,
  start: async () => (await import('./commands/start.ts')).startCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  completion: async () => (await import('./commands/completion.ts')).createCompletionCommand(loadAllCommands),
}

/** The verb of that name; undefined when there is none. */
export async function loadCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(LOADERS, name) ? await LOADERS[name]?.() : undefined
}

/** All verbs. */
export async function loadAllCommands(): Promise<readonly Command[]> {
  return await Promise.all(Object.values(LOADERS).map(async (load) => await load()))
}
