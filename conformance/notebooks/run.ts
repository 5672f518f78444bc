import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preparePython, runPython } from '../python/environment.ts'
import { serveForChecks } from '../python/serve.ts'

/**
 * The notebooks of `examples/timesketch`, one in Python and one in TypeScript, run without a browser against a server of ours; their
 * charts are drawn as SVG into `.cache/charts`.
 */
const HERE = import.meta.dirname
const EXAMPLES = join(HERE, '../../examples/timesketch')
const NOTEBOOKS = ['visits.ipynb', 'visits.deno.ipynb']

const environment = await preparePython(HERE)
if ('skipped' in environment) {
  process.stdout.write(
    `skipped: ${environment.skipped}\nconformance/notebooks: 0 passed, 0 failed, 1 skipped\n`,
  )
  process.exit(0)
}
await addDenoKernel(environment.folder)
const charts = join(HERE, '.cache/charts')
await mkdir(charts, { recursive: true })
const folder = await mkdtemp(join(tmpdir(), 'skein-conformance-notebooks-'))
try {
  await using server = await serveForChecks(join(folder, 'data'))
  process.exitCode = await runPython(
    environment.python,
    [join(HERE, 'run_notebooks.py'), charts, ...NOTEBOOKS.map((name) => join(EXAMPLES, name))],
    {
      TIMESKETCH_URL: server.url,
      TIMESKETCH_USER: server.user.username,
      TIMESKETCH_PASSWORD: server.user.password,
      DENO_NO_UPDATE_CHECK: '1',
      // What Deno keeps belongs to the judge, not to whoever runs it.
      DENO_DIR: join(HERE, '.cache/deno'),
    },
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Makes Deno known to Jupyter, inside of the virtual environment: `deno jupyter --install` would do it for the whole user. */
async function addDenoKernel(venv: string): Promise<void> {
  const kernel = join(venv, 'share/jupyter/kernels/deno')
  const deno = join(venv, process.platform === 'win32' ? 'Scripts/deno.exe' : 'bin/deno')
  await mkdir(kernel, { recursive: true })
  const argv = [deno, 'jupyter', '--kernel', '--conn', '{connection_file}']
  const spec = { argv, display_name: 'Deno', language: 'typescript' }
  await writeFile(join(kernel, 'kernel.json'), JSON.stringify(spec))
}
