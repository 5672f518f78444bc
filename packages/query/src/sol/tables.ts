/** Tables of SOL (section "data sources" of Sekoia's documentation), and what one of their rows is called after a join. */
const TABLES: ReadonlyMap<string, string> = new Map([
  ['events', 'event'],
  ['event_telemetry', 'event_telemetry'],
  ['eternal_events', 'eternal_event'],
  ['alerts', 'alert'],
  ['cases', 'case'],
  ['custom_statuses', 'custom_status'],
  ['custom_priorities', 'custom_priority'],
  ['communities', 'community'],
  ['intakes', 'intake'],
  ['intake_formats', 'intake_format'],
  ['entities', 'entity'],
  ['assets', 'asset'],
  ['asset_properties', 'asset_property'],
  ['asset_partitions', 'asset_partition'],
  ['asset_accounts', 'asset_account'],
  ['asset_applications', 'asset_application'],
  ['asset_vulnerabilities', 'asset_vulnerability'],
  ['asset_poi', 'asset_poi'],
  ['rule_definitions', 'rule_definition'],
  ['rule_instances', 'rule_instance'],
])

/** Names of the tables that every program may ask. */
export const SOL_TABLES: readonly string[] = [...TABLES.keys()]

/** What a table's columns stand under after a join: the name of one row, and the name itself for a data set. */
export function modelName(table: string): string {
  return TABLES.get(table) ?? table
}

/** True for the tables whose rows are events. */
export function isEventTable(table: string): boolean {
  return table === 'events' || table === 'eternal_events'
}
