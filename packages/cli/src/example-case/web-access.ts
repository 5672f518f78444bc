import type { Random } from './random.ts'
import { ATTACKER_ADDRESS, CASE_DAYS, caseMinuteToMs, INTRUSION } from './story.ts'

interface Access {
  readonly minute: number
  readonly address: string
  readonly method: string
  readonly path: string
  readonly status: number
  readonly sizeBytes: number
  readonly agent: string
}

const HEADER = 'time;client_ip;method;path;status;bytes;user_agent'
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const BROWSER = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/145.0 Safari/537.36'
const PATHS = [
  '/',
  '/index.html',
  '/products',
  '/products/42',
  '/contact',
  '/css/site.css',
  '/img/logo.png',
  '/careers',
  '/news/2026/03',
] as const

/**
 * Access log of the public web server, as CSV with semicolons and Common Log Format times. Three rows are broken on
 * purpose: a request line that lost its cells, a scanner's garbage, a row without a time.
 */
export function writeWebAccess(random: Random, rowCount: number): string {
  const requests: Access[] = makeIntrusion()
  for (let row = 0; row < rowCount; row += 1) {
    const scanner = random.next() < 0.04
    requests.push({
      minute: random.next() * CASE_DAYS * 1440,
      address: `198.51.100.${random.between(1, 254)}`,
      method: random.next() < 0.93 ? 'GET' : 'POST',
      path: scanner
        ? random.pick(['/wp-login.php', '/.env', '/phpmyadmin/', '/cgi-bin/test.cgi'])
        : random.pick(PATHS),
      status: scanner ? 404 : random.pick([200, 200, 200, 200, 304, 301]),
      sizeBytes: random.between(180, 48_000),
      agent: scanner ? 'zgrab/0.x' : BROWSER,
    })
  }
  requests.sort((a, b) => a.minute - b.minute)
  const lines = [HEADER, ...requests.map(formatRow)]
  lines.splice(900, 0, 'GET /broken HTTP/1.1')
  lines.splice(2100, 0, 'not-a-time;198.51.100.9;GET;/;200;1043;curl/8.5.0')
  lines.splice(3300, 0, ';198.51.100.7;GET;/robots.txt;200;64;Googlebot/2.1')
  return `${lines.join('\n')}\n`
}

function makeIntrusion(): Access[] {
  const agent = 'python-requests/2.32'
  const requests: Access[] = [
    {
      minute: INTRUSION.webshellUploaded,
      address: ATTACKER_ADDRESS,
      method: 'POST',
      path: '/upload.aspx?dir=/images',
      status: 200,
      sizeBytes: 512,
      agent,
    },
  ]
  const commands = ['whoami', 'ipconfig+/all', 'net+user', 'dir+C:%5Cinetpub', 'tasklist'] as const
  commands.forEach((command, place) => {
    requests.push({
      minute: INTRUSION.webshellUsed + place * 1.7,
      address: ATTACKER_ADDRESS,
      method: 'GET',
      path: `/images/thumb.aspx?cmd=${command}`,
      status: 200,
      sizeBytes: 900 + place * 310,
      agent,
    })
  })
  return requests
}

function formatRow(access: Access): string {
  const time = new Date(caseMinuteToMs(access.minute))
  const two = (value: number): string => String(value).padStart(2, '0')
  const stamp = `${two(time.getUTCDate())}/${MONTHS[time.getUTCMonth()]}/${time.getUTCFullYear()}:${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} +0000`
  return [
    stamp,
    access.address,
    access.method,
    access.path,
    access.status,
    access.sizeBytes,
    `"${access.agent}"`,
  ].join(';')
}
