import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'

const SOURCE_FOLDER = join(import.meta.dirname, 'node')
const CACHE_FOLDER = join(import.meta.dirname, '..', '..', '.cache', 'opensearch')
const START_LIMIT_MS = 120_000

/** A running OpenSearch node of our own on the loopback address. */
export interface OpenSearchNode extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** Folder that holds its data; gone after disposal. */
  readonly dataFolder: string
}

/** What keeps a node from running here; undefined when nothing does. */
export async function findMissingTool(): Promise<string | undefined> {
  for (const [tool, argument] of [
    ['java', '-version'],
    ['mvn', '-version'],
  ] as const) {
    try {
      await promisify(execFile)(tool, [argument])
    } catch {
      return `${tool} is not installed (OpenSearch 2.19 needs Java 17 and Maven)`
    }
  }
  return undefined
}

/**
 * Starts a node with a new, empty data folder. The jars come from Maven Central once and are kept in `.cache`.
 *
 * @param heapMb - Java heap, minimum and maximum alike.
 * @throws Error when Maven cannot bring the jars or the node does not answer within two minutes.
 */
export async function startOpenSearch(heapMb = 1024): Promise<OpenSearchNode> {
  const jars = join(CACHE_FOLDER, 'jars')
  if (!existsSync(join(jars, 'opensearch-2.19.1.jar'))) {
    await promisify(execFile)('mvn', [
      '-q',
      '-B',
      '-f',
      join(SOURCE_FOLDER, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${jars}`,
    ])
  }
  await mkdir(CACHE_FOLDER, { recursive: true })
  const dataFolder = await mkdtemp(join(CACHE_FOLDER, 'data-'))
  const port = await findFreePort()
  const child = spawn(
    'java',
    [
      `-Xms${heapMb}m`,
      `-Xmx${heapMb}m`,
      '-cp',
      join(jars, '*'),
      join(SOURCE_FOLDER, 'OpenSearchNode.java'),
      String(port),
      dataFolder,
    ],
    { cwd: dataFolder, stdio: ['pipe', 'pipe', 'ignore'] },
  )
  await waitUntilReady(child)
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    dataFolder,
    async [Symbol.asyncDispose]() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.stdin?.end()
      await ended
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

async function waitUntilReady(child: ChildProcess): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error('OpenSearch did not answer within two minutes'))
    }, START_LIMIT_MS)
    let output = ''
    child.stdout?.setEncoding('utf8')
    child.stdout?.on('data', (text: string) => {
      output = (output + text).slice(-4000)
      // log4j takes standard output over and puts its own prefix before the word.
      if (/\bready$/m.test(output)) {
        clearTimeout(timer)
        resolve()
      }
    })
    child.once('error', reject)
    child.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`OpenSearch ended with code ${code} before it was ready: ${output}`))
    })
  })
}

// The transport port is the next one; a port whose neighbour is taken makes the node fail loudly at its start.
async function findFreePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
