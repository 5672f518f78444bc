import type { Principal } from '../../auth/principal.ts'
import { requireAdmin } from '../../auth/require-admin.ts'
import { invalid } from '../../errors/domain-error.ts'
import type { ServiceContext } from '../service-context.ts'

/** Longest value, as JSON. */
const MAX_VALUE_LENGTH = 65_536

/** Something that holds for an organisation, in the words of the API that it was said by. */
export interface OrganisationSetting {
  /** What it is about, such as the name of a bucket. */
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
  readonly createdAtMs: number
}

/** Settings of organisations that other platforms' APIs keep; administrators change them, everybody with an account reads them. */
export interface OrganisationSettingService {
  /** In the order they were made. @param kind - Such as `threatstack.s3-export`. */
  list(principal: Principal, organisationId: number, kind: string): Promise<readonly OrganisationSetting[]>
  /** Puts one in the place of that of its key. */
  put(
    principal: Principal,
    organisationId: number,
    kind: string,
    setting: Pick<OrganisationSetting, 'key' | 'value'>,
  ): Promise<OrganisationSetting>
  /** False when there was none. */
  delete(principal: Principal, organisationId: number, kind: string, key: string): Promise<boolean>
}

/** Settings, kept in the metadata database. */
export function createOrganisationSettingService({
  db,
  audit,
  now,
}: ServiceContext): OrganisationSettingService {
  const list: OrganisationSettingService['list'] = async (_principal, organisationId, kind) => {
    const rows = await db
      .selectFrom('organisation_settings')
      .selectAll()
      .where('organisation_id', '=', organisationId)
      .where('kind', '=', kind)
      .orderBy('created_at_ms')
      .orderBy('setting_key')
      .execute()
    return rows.map((row) => ({
      key: row.setting_key,
      value: JSON.parse(row.value_json) as Record<string, unknown>,
      createdAtMs: row.created_at_ms,
    }))
  }
  return {
    list,
    async put(principal, organisationId, kind, { key, value }) {
      requireAdmin(principal)
      const text = JSON.stringify(value)
      if (text.length > MAX_VALUE_LENGTH)
        throw invalid('setting-too-large', `A setting has at most ${MAX_VALUE_LENGTH} characters as JSON.`)
      await db
        .insertInto('organisation_settings')
        .values({
          organisation_id: organisationId,
          kind,
          setting_key: key,
          value_json: text,
          created_at_ms: now(),
        })
        .onConflict((conflict) =>
          conflict.columns(['organisation_id', 'kind', 'setting_key']).doUpdateSet({ value_json: text }),
        )
        .execute()
      await audit.record(principal, {
        action: 'setting.update',
        subject: `setting/${kind}`,
        details: { key },
      })
      return (await list(principal, organisationId, kind)).find((one) => one.key === key)!
    },
    async delete(principal, organisationId, kind, key) {
      requireAdmin(principal)
      const { numDeletedRows } = await db
        .deleteFrom('organisation_settings')
        .where('organisation_id', '=', organisationId)
        .where('kind', '=', kind)
        .where('setting_key', '=', key)
        .executeTakeFirst()
      if (numDeletedRows > 0n)
        await audit.record(principal, {
          action: 'setting.delete',
          subject: `setting/${kind}`,
          details: { key },
        })
      return numDeletedRows > 0n
    },
  }
}
