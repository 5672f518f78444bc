import { type RawBuilder, sql } from 'kysely'

/** What every alert tells of itself, also one of which no record of a platform tells more. */
export type OwnFact = 'source' | 'description' | 'tags' | 'deviceUid'

/** As SQL over `alerts`: texts, null where there is none. */
export const OWN_FACTS: Readonly<Record<OwnFact, RawBuilder<string | null>>> = {
  source: sql`alerts.source`,
  description: sql`nullif(alerts.description, '')`,
  tags: sql`(select group_concat(value, ',') from json_each(alerts.tags_json))`,
  deviceUid: sql`(select uid from devices where devices.id = alerts.device_id)`,
}
