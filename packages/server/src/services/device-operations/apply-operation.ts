import type { DeviceDecision } from '../devices/device-service.ts'

/** What an operation that has ended changes about its device. */
export type OperationEffect = (
  parameters: Readonly<Record<string, unknown>>,
  device: { readonly told: Readonly<Record<string, unknown>>; readonly decided: DeviceDecision },
) => DeviceDecision

const EFFECTS: Readonly<Record<string, OperationEffect>> = {
  isolateFromNetwork: () => ({ protectionStatusOverview: 'isolated' }),
  releaseFromNetworkIsolation: (_parameters, { told }) => {
    const overview = told['protectionStatusOverview']
    return {
      protectionStatusOverview: typeof overview === 'string' && overview !== 'isolated' ? overview : 'allOk',
    }
  },
  assignProfile: ({ profileId, profileName }) => ({ profileName: String(profileName ?? profileId) }),
  installSoftwareUpdates: ({ bulletinIds, severity }, { told, decided }) => ({
    missingUpdates: listMissingUpdates(told, decided).filter(
      (update) => !isInstalled(update, bulletinIds, severity),
    ),
  }),
}

/** What is decided of a device when an operation has ended; undefined for operations that change nothing about it. */
export function applyOperation(
  name: string,
  ...given: Parameters<OperationEffect>
): DeviceDecision | undefined {
  return Object.hasOwn(EFFECTS, name) ? EFFECTS[name]!(...given) : undefined
}

/** Updates that a device lacks, as its record tells them (`missingUpdates`) without those that were installed. */
export function listMissingUpdates(
  told: Readonly<Record<string, unknown>>,
  decided: DeviceDecision,
): readonly Readonly<Record<string, unknown>>[] {
  const updates = decided.missingUpdates ?? told['missingUpdates']
  if (!Array.isArray(updates)) return []
  return updates.filter(
    (one): one is Record<string, unknown> => typeof one === 'object' && one !== null && !Array.isArray(one),
  )
}

/** `important` takes what is critical too. */
function isInstalled(
  update: Readonly<Record<string, unknown>>,
  bulletinIds: unknown,
  severity: unknown,
): boolean {
  if (Array.isArray(bulletinIds)) return bulletinIds.includes(update['bulletinId'])
  if (severity === 'everything') return true
  if (severity === 'important') return update['severity'] === 'important' || update['severity'] === 'critical'
  return update['severity'] === severity
}
