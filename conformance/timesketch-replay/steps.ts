import type { Identities } from './identities.ts'
import type { World } from './world.ts'

const POLL_MS = 50

/** What the recording did between two samples without writing it down, by the sample that came next. */
export const STEPS_BEFORE: Readonly<Record<string, (world: World, identities: Identities) => Promise<void>>> =
  {
    'upload-nothing': waitForImports,
    async 'upload-bad-extension'(world, identities) {
      const made = await world.client('test').post('/sketches/', { name: 'Samples bad uploads' })
      identities.matches('sketch', 11, made.json.objects[0].id)
    },
    'timeline-get-fail': waitForImports,
    'analyzer-status': waitForAnalyses,
    'sketch-delete-protected': (world, identities) => changeLabel(world, identities, 'add'),
    'sketch-delete-force-not-admin': (world, identities) => changeLabel(world, identities, 'remove'),
  }

async function waitForImports(world: World): Promise<void> {
  const client = world.client('test')
  const { json } = await client.get('/tasks/')
  for (const { task_id: id } of json.objects.flat()) await world.system.services.imports.waitForEnd(id)
}

async function waitForAnalyses(world: World, identities: Identities): Promise<void> {
  const path = `/sketches/${identities.translate('sketch', 10)}/analyzer/sessions/active/`
  while ((await world.client('test').get(path)).json.objects[0].total_tasks > 0)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
}

async function changeLabel(world: World, identities: Identities, action: string): Promise<void> {
  const path = `/sketches/${identities.translate('sketch', 10)}/`
  await world.client('test').post(path, { labels: ['protected'], label_action: action })
}
