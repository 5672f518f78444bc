import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Runs a first start in an empty data directory and draws what it printed, secrets replaced: docs/images/first-run.svg. */
const OUT = join(import.meta.dirname, '..', 'docs', 'images', 'first-run.svg')
const COLUMNS = 118
const CHARACTER_WIDTH = 7.8
const LINE_HEIGHT = 18
const PADDING = 20

const dataDirectory = await mkdtemp(join(tmpdir(), 'timeskein-picture-'))
try {
  const printed = await startOnce(dataDirectory)
  await writeFile(OUT, drawTerminal(['$ npm start', ...hideSecrets(printed)]))
} finally {
  await rm(dataDirectory, { recursive: true, force: true })
}

async function startOnce(directory: string): Promise<readonly string[]> {
  const skein = join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'skein.js')
  const child = spawn(process.execPath, [skein, 'start', '--data', directory, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, COLUMNS: String(COLUMNS) },
  })
  let text = ''
  child.stdout.setEncoding('utf8')
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve())
    child.stdout.on('data', (part: string) => {
      text += part
      if (text.includes('Stop with Ctrl-C')) child.kill('SIGINT')
    })
  })
  return text.trimEnd().split('\n')
}

function hideSecrets(lines: readonly string[]): readonly string[] {
  return lines.map((line) =>
    line
      .replace(/(with the password )\S+/, '$1••••••••••••')
      .replace(/sk_\S+/, 'sk_••••••••')
      .replace(/(127\.0\.0\.1):\d+/g, '$1:5000'),
  )
}

function drawTerminal(lines: readonly string[]): string {
  const cut = lines.map((line) => (line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line))
  const width = Math.round(COLUMNS * CHARACTER_WIDTH + 2 * PADDING)
  const height = cut.length * LINE_HEIGHT + 2 * PADDING
  const rows = cut.map(
    (line, row) =>
      `<text x="${PADDING}" y="${PADDING + (row + 0.75) * LINE_HEIGHT}" fill="${colorOf(line)}" xml:space="preserve">${escapeXml(line)}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" role="img" aria-label="A first run of npm start in a terminal" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="13">
<rect width="${width}" height="${height}" rx="8" fill="#16181d"/>
${rows.join('\n')}
</svg>
`
}

function colorOf(line: string): string {
  if (line.startsWith('$ ')) return '#9ece6a'
  if (/^(?:Who|What|Where)\b.*\?$/.test(line)) return '#ffffff'
  if (/^\s+rejected:/.test(line)) return '#e0af68'
  if (/^\s{2}\S.*\(\d[\d,]* events/.test(line)) return '#7dcfff'
  return '#c0caf5'
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
