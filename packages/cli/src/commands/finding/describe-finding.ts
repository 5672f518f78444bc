import type { ApiAlert, ApiAlertDetail, ApiIncident, ApiIncidentDetail } from '@timeskein/model'
import { concat, lines, type Prose, prose } from '../../output/prose.ts'
import { formatTable } from '../../output/table.ts'

/** Events of an alert that are printed; `--json` has all that are kept. */
const MAX_TOLD_EVENTS = 10

/** Alerts, one a line. */
export function tabulateAlerts(alerts: readonly ApiAlert[], width: number): Prose {
  const rows = alerts.map((alert) => [
    String(alert.id),
    String(alert.severity),
    alert.status,
    shorten(alert.first),
    String(alert.count),
    alert.host ?? alert.account ?? '',
    alert.title,
  ])
  return formatTable(['id', 'severity', 'status', 'first (UTC)', 'events', 'host', 'title'], rows, {
    width,
    color: false,
    whole: ['id', 'first (UTC)'],
  })
}

/** Incidents, one a line. */
export function tabulateIncidents(incidents: readonly ApiIncident[], width: number): Prose {
  const rows = incidents.map((incident) => [
    String(incident.id),
    String(incident.risk),
    incident.status,
    shorten(incident.first),
    shorten(incident.last),
    String(incident.alerts),
    incident.title,
  ])
  return formatTable(['id', 'risk', 'status', 'first (UTC)', 'last (UTC)', 'alerts', 'title'], rows, {
    width,
    color: false,
    whole: ['id', 'first (UTC)', 'last (UTC)'],
  })
}

/** All that is known of an alert. */
export function describeAlert(alert: ApiAlertDetail): Prose {
  const { evidence, count, incident, rule } = alert
  const shown = evidence.slice(0, MAX_TOLD_EVENTS)
  const group = Object.entries(alert.group).map(([name, value]) => `${name} ${value}`)
  return concat(
    lines([
      prose`alert ${alert.id}: ${alert.title}`,
      ...describeState(alert),
      ...(rule === undefined ? [] : [prose`rule: ${rule}`]),
      ...(alert.tags.length === 0 ? [] : [prose`tags: ${alert.tags.join(', ')}`]),
      ...(group.length === 0 ? [] : [prose`together: ${group.join(', ')}`]),
      ...(incident === undefined ? [] : [prose`incident: ${incident}`]),
      ...(alert.description === '' ? [] : [prose`${alert.description.trim()}`]),
      prose`events: ${count}${shown.length < count ? prose`, the first ${shown.length} of them` : ''}`,
      ...shown.map(({ id }) => prose`  ${id}`),
    ]),
    describeNotes(alert),
  )
}

/** All that is known of an incident, its detections in the order of time. */
export function describeIncident(incident: ApiIncidentDetail): Prose {
  return concat(
    lines([
      prose`incident ${incident.id}: ${incident.title}`,
      ...describeState(incident),
      prose`risk: ${incident.risk}`,
      prose`detections:`,
      ...incident.detections.map(
        ({ first, severity, title, count, id }) =>
          prose`  ${shorten(first)}  ${String(severity).padStart(3)}  ${title} (alert ${id}, ${count})`,
      ),
    ]),
    describeNotes(incident),
  )
}

function describeState(finding: ApiAlert | ApiIncident): readonly Prose[] {
  const { status, resolution, reason, assignee, closedBy, host, account } = finding
  const how = [resolution, reason].filter((word) => word !== undefined && word !== '').join(': ')
  return [
    prose`uid: ${finding.uid}`,
    prose`severity: ${finding.severity}`,
    prose`status: ${status}${how === '' ? '' : prose` (${how})`}${closedBy === undefined ? '' : prose`, by ${closedBy}`}`,
    ...(assignee === undefined ? [] : [prose`assigned to: ${assignee}`]),
    ...(host === undefined ? [] : [prose`host: ${host}`]),
    ...(account === undefined ? [] : [prose`account: ${account}`]),
    prose`from ${finding.first} to ${finding.last}`,
  ]
}

function describeNotes({ comments, history }: Pick<ApiAlertDetail, 'comments' | 'history'>): Prose {
  return lines([
    ...(comments.length === 0 ? [] : [prose`comments:`]),
    ...comments.map(({ at, user, text }) => prose`  ${shorten(at)}  ${user}: ${text}`),
    prose`history:`,
    ...history.map(({ at, user, action, details }) => {
      const facts = Object.entries(details).map(([name, value]) => `${name} ${String(value)}`)
      return prose`  ${shorten(at)}  ${user === '' ? 'skein' : user}  ${action}${facts.length === 0 ? '' : prose`  ${facts.join(', ')}`}`
    }),
  ])
}

/** Minutes leave room for the rest; `--json` has it whole. */
function shorten(time: string): string {
  return time.slice(0, 16).replace('T', ' ')
}
