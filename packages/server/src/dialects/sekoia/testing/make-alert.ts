import type { SekoiaPlace } from './open-sekoia.ts'

/** Stores an alert as a pull would; its UUID in the dialect. For tests. */
export async function makeAlert(
  { place, sekoia }: SekoiaPlace,
  name: string,
  severity = 50,
): Promise<string> {
  await place.system.services.alerts.store(place.admin, [
    {
      sourceKey: `test ${name}`,
      source: 'api',
      title: name,
      severity,
      host: 'laptop',
      spans: new Map([[0, { count: 2, firstUs: 1_767_225_600_000_000n, lastUs: 1_767_225_660_000_000n }]]),
    },
  ])
  const found = await sekoia.alerts.list({ match: { title: name } }).first()
  return found!.uuid
}
