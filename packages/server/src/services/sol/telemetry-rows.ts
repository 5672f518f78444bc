import type { SolRow } from '@timeskein/analyze/sol'
import type { EventStore, Scope } from '@timeskein/store'
import type { Intake } from '../intakes/intake-service.ts'

const HOUR_MS = 3_600_000

/** `event_telemetry`: how many events of each intake there are of each hour, by the events' own time. Sizes and delays are not known. */
export async function readTelemetryRows(
  store: EventStore,
  scope: Scope,
  intakes: readonly Intake[],
  { community, signal }: { readonly community: string | null; readonly signal: AbortSignal },
): Promise<readonly SolRow[]> {
  const rows: SolRow[] = []
  for (const intake of intakes) {
    if (intake.timelineId === undefined) continue
    const { aggregations } = await store.search({
      scope,
      query: { kind: 'term', field: 'sekoiaio.intake.uuid.keyword', value: intake.uid },
      sort: 'desc',
      size: 0,
      aggregations: {
        hours: { kind: 'date_histogram', field: 'datetime', interval: { fixedMs: HOUR_MS }, minCount: 1 },
      },
      signal,
    })
    const { hours } = aggregations
    if (hours?.kind !== 'buckets') continue
    for (const { key, count } of hours.buckets)
      rows.push({
        community_uuid: community,
        intake_uuid: intake.uid,
        intake_dialect_uuid: intake.formatUid,
        bucket_start_date: new Date(Number(key)).toISOString(),
        bucket_end_date: new Date(Number(key) + HOUR_MS).toISOString(),
        occurrences: count,
      })
  }
  return rows
}
