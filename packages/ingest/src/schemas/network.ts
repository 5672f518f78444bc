import { type Schema, timeField } from './schema.ts'

/**
 * Network sensors and web servers: Zeek (JSON streaming and TSV with a `#fields` line), Suricata EVE, W3C extended
 * logs (IIS: times are UTC), and access logs that were turned into CSV.
 */
export const NETWORK_SCHEMAS: readonly Schema[] = [
  {
    name: 'zeek',
    title: 'Zeek',
    required: ['ts', ['uid', 'id.orig_h', 'fuid', '_path', 'peer']],
    times: [timeField('ts', 'Event Logged')],
    moreTimes: [timeField('_write_ts', 'Event Written')],
    message: ['msg', 'uri', 'query', 'service', 'note', 'mime_type'],
    aliases: {
      source_ip: ['id.orig_h'],
      source_port: ['id.orig_p'],
      dest_ip: ['id.resp_h'],
      dest_port: ['id.resp_p'],
    },
    constants: { data_type: 'zeek:log:entry', source_short: 'LOG', source_long: 'Zeek' },
  },
  {
    name: 'suricata',
    title: 'Suricata EVE',
    required: ['timestamp', 'event_type', ['flow_id', 'src_ip']],
    times: [timeField('timestamp', 'Event Logged')],
    moreTimes: [timeField('flow.start', 'Flow Start'), timeField('flow.end', 'Flow End')],
    message: ['alert.signature', 'event_type'],
    constants: { source_short: 'LOG', source_long: 'Suricata' },
  },
  {
    name: 'w3c',
    title: 'W3C extended log',
    required: ['date', 'time', ['cs-method', 'cs-uri-stem', 'sc-status', 'c-ip']],
    times: [{ fields: ['date', 'time'], description: 'Event Logged', format: 'iso' }],
    message: ['cs-uri-stem'],
    constants: { source_short: 'WEBHIST', source_long: 'W3C extended log' },
  },
  {
    name: 'web-access',
    title: 'web access log',
    required: [
      ['time_local', 'time', 'timestamp', 'datetime', 'date', 'time_iso8601', '@timestamp'],
      ['request', 'request_uri', 'uri', 'url', 'path'],
      ['remote_addr', 'clientip', 'client_ip', 'remote_host', 'ip', 'host', 'src_ip'],
      ['status', 'status_code', 'response', 'http_status', 'code'],
    ],
    without: ['timestamp_desc'],
    times: ['time_local', 'time_iso8601', 'datetime', '@timestamp', 'timestamp', 'time', 'date'].map(
      (field) => timeField(field, 'Request Received'),
    ),
    message: ['message', 'request', 'request_uri', 'uri', 'url', 'path'],
    constants: { source_short: 'LOG', source_long: 'Web access log' },
  },
]
