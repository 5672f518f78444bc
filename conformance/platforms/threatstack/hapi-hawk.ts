import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

/** The reference implementation of Hawk for Node, which only this judge uses: it is installed into `.cache/` when first needed. */
const PACKAGE = '@hapi/hawk@8.0.0'

/** Who signs. */
export interface HapiCredentials {
  readonly id: string
  readonly key: string
  readonly algorithm: 'sha256'
}

/** What of the package the checks call. */
export interface HapiHawk {
  readonly client: {
    header(
      url: string,
      method: string,
      options: {
        readonly credentials: HapiCredentials
        readonly ext?: string
        readonly payload?: string
        readonly contentType?: string
        readonly timestamp?: number
        readonly nonce?: string
      },
    ): { readonly header: string; readonly artifacts: object }
    /** @throws For an answer whose signature is missing or wrong. */
    authenticate(
      answer: { readonly headers: Readonly<Record<string, string>> },
      credentials: HapiCredentials,
      artifacts: object,
      options: { readonly payload: string; readonly required: boolean },
    ): unknown
  }
  readonly server: {
    /** @throws For a request whose signature is wrong. */
    authenticate(
      request: HapiRequest,
      findCredentials: (id: string) => HapiCredentials | undefined,
      options?: { readonly payload?: string },
    ): Promise<{ readonly credentials: HapiCredentials; readonly artifacts: object }>
    header(
      credentials: HapiCredentials,
      artifacts: object,
      options: { readonly payload: string; readonly contentType: string },
    ): string
  }
}

/** A request as Node's server has it. */
export interface HapiRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** The package, or why it is not there. */
export function prepareHapiHawk(judge: string): { readonly hawk: HapiHawk } | { readonly skipped: string } {
  const folder = join(judge, '.cache', 'node')
  if (!existsSync(join(folder, 'node_modules/@hapi/hawk'))) {
    process.stdout.write(`installing ${PACKAGE} …\n`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{"private": true}\n')
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
    const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', PACKAGE]
    const installed = spawnSync(npm, args, { cwd: folder, encoding: 'utf8' })
    if (installed.status !== 0)
      return {
        skipped: `npm cannot install ${PACKAGE}: ${String(installed.stderr).trim().split('\n').at(-1)}`,
      }
  }
  return { hawk: createRequire(join(folder, 'package.json'))('@hapi/hawk') as HapiHawk }
}
