import type { Random } from './random.ts'
import { CASE_DAYS, caseMinuteToMs, INTRUSION, LURE_DOMAIN, LURE_FILE, USERS, VICTIM } from './story.ts'

interface Visit {
  readonly minute: number
  readonly user: string
  readonly url: string
  readonly title: string
}

const SITES = [
  ['https://intranet.example.org/news', 'Intranet - News'],
  ['https://mail.example.org/owa/', 'Mail'],
  ['https://www.weather.example/today', 'Weather today'],
  ['https://docs.example.com/finance/quarter', 'Quarterly planning'],
  ['https://search.example.com/search?q=expense+report+template', 'expense report template - Search'],
  ['https://travel.example.net/flights?from=BER&to=LIS', 'Flights'],
  ['https://code.example.io/team/repo/pulls', 'Pull requests'],
] as const

/**
 * Browser histories of all users as JSON lines with Timesketch's field names. Two lines are broken on purpose: one is cut in
 * the middle, one has no time.
 */
export function writeBrowserHistory(random: Random, rowCount: number): string {
  const visits: Visit[] = makeIntrusion()
  for (let row = 0; row < rowCount; row += 1) {
    const [url, title] = random.pick(SITES)
    visits.push({
      minute: random.between(0, CASE_DAYS - 1) * 1440 + random.between(60, 720) + random.next(),
      user: random.pick(USERS),
      url: random.next() < 0.3 ? `${url}${url.includes('?') ? '&' : '?'}page=${random.between(1, 40)}` : url,
      title,
    })
  }
  visits.sort((a, b) => a.minute - b.minute)
  const lines = visits.map((visit) => JSON.stringify(toRecord(visit)))
  lines.splice(700, 0, (lines[700] ?? '').slice(0, 90))
  lines.splice(
    1400,
    0,
    '{"message":"A visit without a time","timestamp_desc":"Last Visited Time","url":"https://nowhere.example"}',
  )
  return `${lines.join('\n')}\n`
}

function makeIntrusion(): Visit[] {
  const minute = INTRUSION.lureOpened
  return [
    {
      minute: minute - 2,
      user: VICTIM,
      url: 'https://mail.example.org/owa/#path=/mail/inbox',
      title: 'Overdue invoice - Mail',
    },
    { minute, user: VICTIM, url: `https://${LURE_DOMAIN}/view?id=20260309`, title: 'Invoice portal' },
    {
      minute: minute + 0.4,
      user: VICTIM,
      url: `https://${LURE_DOMAIN}/download/${LURE_FILE}`,
      title: LURE_FILE,
    },
    { minute: minute + 0.9, user: VICTIM, url: `https://${LURE_DOMAIN}/thanks`, title: 'Thank you' },
  ]
}

function toRecord(visit: Visit): Record<string, unknown> {
  const domain = new URL(visit.url).hostname
  return {
    datetime: new Date(caseMinuteToMs(visit.minute)).toISOString(),
    timestamp_desc: 'Last Visited Time',
    data_type: 'chrome:history:page_visited',
    message: `${visit.url} (${visit.title}) visited by ${visit.user}`,
    url: visit.url,
    title: visit.title,
    domain,
    user: visit.user,
    visit_count: 1 + (visit.title.length % 7),
  }
}
