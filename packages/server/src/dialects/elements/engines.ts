import type { EngineGroup } from '@timeskein/model/elements'

/**
 * Engines of security events by their group, as the vendor's public API description lists them. Of those whose group it does not tell,
 * `cloudIdentityAzure` and `cloudWorkloadAzure` are detections and so `edr`, and `cloud` is old and `ecp`.
 */
export const ENGINES: Readonly<Record<EngineGroup, readonly string[]>> = {
  epp: [
    'amsi',
    'activityMonitor',
    'activityMonitorClientProtection',
    'applicationControl',
    'browsingProtection',
    'connectionControl',
    'connector',
    'dataGuard',
    'deepGuard',
    'deviceControl',
    'fileScanning',
    'firewall',
    'integrityChecker',
    'manualScanning',
    'product',
    'realtimeScanning',
    'reputationBasedBrowsing',
    'setting',
    'systemEventsLog',
    'tamperProtection',
    'webContentControl',
    'webTrafficScanning',
    'xFence',
  ],
  edr: ['edr', 'cloudIdentityAzure', 'cloudWorkloadAzure'],
  ecp: ['emailBreach', 'emailScan', 'inboxRuleScan', 'oneDriveScan', 'sharePointScan', 'teamsScan', 'cloud'],
  xm: ['xmRecommendation'],
}
