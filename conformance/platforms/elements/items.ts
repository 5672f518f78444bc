import { randomUUID } from 'node:crypto'

/** An item as the platform tells it. */
export type Item = Readonly<Record<string, unknown>>

const ENGINES = ['deepGuard', 'firewall', 'fileScanning', 'browsingProtection', 'edr', 'emailScan'] as const
const SEVERITIES = ['critical', 'warning', 'info'] as const
const COMPANY = { id: '4de503e1-2c58-45c3-89a6-ef3f4a03592b', name: 'Example Oy' }

/** Security events that were stored within a few milliseconds: several at the same one. */
export function makeEvents(count: number, atMs: number): readonly Item[] {
  const batch = randomUUID()
  return Array.from({ length: count }, (_, number) => {
    const at = new Date(atMs + Math.floor(number / 150)).toISOString()
    const host = {
      id: `d5dd6d22-dc1d-41f4-833d-${String(number % 7).padStart(12, '0')}`,
      name: `host-${number % 7}`,
    }
    return {
      id: `${batch}_${number}`,
      severity: SEVERITIES[number % SEVERITIES.length],
      engine: ENGINES[number % ENGINES.length],
      action: 'blocked',
      acknowledged: false,
      serverTimestamp: at,
      persistenceTimestamp: at,
      clientTimestamp: at.replace(/\.\d+Z$/, 'Z'),
      target: host,
      device: host,
      organization: COMPANY,
      details: { alertType: 'test', filePath: `C:\\temp\\${number}.exe` },
    }
  })
}

/** Devices, the first of them critical. */
export function makeDevices(count: number, criticalCount: number): readonly Item[] {
  return Array.from({ length: count }, (_, number) => ({
    id: `e297cbf5-ba53-4e66-909c-${String(number).padStart(12, '0')}`,
    name: `WS-${number}`,
    type: 'computer',
    state: 'active',
    online: true,
    company: COMPANY,
    protectionStatus: 'protected',
    protectionStatusOverview: number < criticalCount ? 'critical' : 'allOk',
    clientVersion: '23.4',
    statusUpdateTimestamp: '2024-05-20T13:15:16.550Z',
    registrationTimestamp: '2023-05-17T06:42:03.062Z',
  }))
}

/** An incident with its detections. */
export function makeIncident(detectionCount: number, atMs: number): readonly Item[] {
  const incidentId = randomUUID()
  const at = new Date(atMs).toISOString()
  return [
    {
      incidentId,
      incidentPublicId: `${detectionCount}-${incidentId.slice(0, 8).toUpperCase()}`,
      organizationId: COMPANY.id,
      name: 'Suspicious credential access',
      status: 'new',
      riskLevel: 'high',
      riskScore: 78.5,
      resolution: 'unconfirmed',
      archived: false,
      categories: ['CREDENTIAL_THEFT'],
      createdTimestamp: at,
      updatedTimestamp: at,
    },
    ...Array.from({ length: detectionCount }, (_, number) => ({
      detectionId: randomUUID(),
      incidentId,
      deviceId: `e297cbf5-ba53-4e66-909c-${String(number % 5).padStart(12, '0')}`,
      name: `suspicious_${number}`,
      riskLevel: 'info',
      createdTimestamp: new Date(atMs + number).toISOString(),
      pid: 996,
    })),
  ]
}
