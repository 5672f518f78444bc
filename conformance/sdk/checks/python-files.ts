import { deepEqual, equal, match } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import {
  generateCredentialKey,
  type StoredCredentials,
  type toRcValues,
} from '../../../packages/sdk/src/index.ts'
import {
  connectFromConfig,
  readRcSections,
  readStoredCredentials,
  writeRcValues,
  writeServerSettings,
  writeStoredCredentials,
} from '../../../packages/sdk/src/node/index.ts'
import { type Check, Skip } from '../check.ts'
import type { Place } from '../place.ts'

const PYTHON = join(import.meta.dirname, '../../python/.cache/venv/bin/python')

// Reads what we wrote, with nothing but the official package.
const READ = `
import json, sys
from timesketch_api_client import config, crypto
rc, token, password = sys.argv[1:4]
assistant = config.ConfigAssistant()
assistant.load_config_file(rc, section="case")
loaded = crypto.CredentialStorage(token).load_credentials(config_assistant=assistant, password=password)
credential = loaded.credential
if loaded.TYPE == "oauth":
    credential = {"token": credential.token, "refresh": credential.refresh_token, "id": credential.id_token}
print(json.dumps({"type": loaded.TYPE, "host": assistant.get_config("host_uri"), "verify": assistant.get_config("verify"),
                  "missing": assistant.missing, "credential": credential}))
`

// Writes what we read.
const WRITE = `
import datetime, sys
from google.oauth2 import credentials as google
from timesketch_api_client import config, credentials, crypto
rc, token, kind, password = sys.argv[1:5]
assistant = config.ConfigAssistant()
for name, value in {"host_uri": "https://two.example", "username": "bob", "auth_mode": "userpass", "verify": "True",
                    "token_file_path": token}.items():
    assistant.set_config(name, value)
assistant.config_file_path = rc
if kind == "oauth":
    stored = credentials.TimesketchOAuthCredentials()
    stored.credential = google.Credentials(token="a", refresh_token="r", id_token="i", token_uri="https://t.example/",
        client_id="c", client_secret="s", scopes=["openid"], expiry=datetime.datetime(2026, 1, 2, 3, 4, 5))
else:
    stored = credentials.TimesketchPwdCredentials()
    stored.credential = {"username": "b\\u00f6b", "password": "p%w"}
crypto.CredentialStorage(token).save_credentials(stored, file_path=token, password=password, config_assistant=assistant)
assistant.save_config(rc, token_file_path=token)
`

const TOKENS = {
  accessToken: 'access',
  refreshToken: 'refresh',
  idToken: 'id',
  scopes: ['openid'],
  tokenUrl: 'https://tokens.example/',
  clientId: 'client',
  clientSecret: 'secret',
  expiresAt: '2026-01-02T03:04:05.000Z',
}

export const PYTHON_FILE_CHECKS: readonly Check[] = [
  {
    name: "Timesketch's own client reads the RC and token files of this one",
    async run(place) {
      const folder = await makeFolder(place, 'ours')
      const rcPath = join(folder, 'rc')
      const tokenPath = join(folder, 'token')
      const password: StoredCredentials = { kind: 'password', username: 'älice', password: 'p%w "x"' }
      const oauth: StoredCredentials = { kind: 'oauth', tokens: TOKENS }
      for (const [credentials, tokenPassword] of [
        [password, ''],
        [oauth, ''],
        [password, 'my own'],
      ] as const) {
        await writeServerSettings(rcPath, makeSettings(tokenPath), 'case')
        await writeStoredCredentials(credentials, { rcPath, section: 'case', tokenPassword })
        const read = JSON.parse(runPython(READ, [rcPath, tokenPath, tokenPassword], folder))
        equal(read.host, 'https://one.example/100%')
        deepEqual([read.verify, read.missing], [false, []])
        const isPassword = credentials.kind === 'password'
        equal(read.type, isPassword ? 'timesketch' : 'oauth')
        deepEqual(
          read.credential,
          isPassword
            ? { username: 'älice', password: 'p%w "x"' }
            : { token: 'access', refresh: 'refresh', id: 'id' },
        )
        equal((await stat(tokenPath)).mode & 0o777, 0o600)
        equal((await stat(rcPath)).mode & 0o777, 0o600)
      }
    },
  },
  {
    name: "this client reads the RC and token files of Timesketch's own",
    async run(place) {
      const folder = await makeFolder(place, 'theirs')
      const rcPath = join(folder, 'rc')
      const tokenPath = join(folder, 'token')
      for (const [kind, tokenPassword] of [
        ['password', ''],
        ['oauth', ''],
        ['password', 'their own'],
      ] as const) {
        runPython(WRITE, [rcPath, tokenPath, kind, tokenPassword], folder)
        const section = (await readRcSections(rcPath)).get('timesketch')
        equal(section?.get('host_uri'), 'https://two.example')
        const credentials = await readStoredCredentials({ rcPath, tokenPassword })
        if (kind === 'password') deepEqual(credentials, { kind, username: 'böb', password: 'p%w' })
        else
          deepEqual(
            credentials?.kind === 'oauth' && [
              credentials.tokens.accessToken,
              credentials.tokens.refreshToken,
              credentials.tokens.expiresAt,
            ],
            ['a', 'r', '2026-01-02T03:04:05Z'],
          )
      }
      await writeRcValues(rcPath, 'timesketch', { cred_key: generateCredentialKey() })
      const wrong = readStoredCredentials({ rcPath, tokenPassword: 'wrong' })
      match(await wrong.then(String, String), /does not open with this password/)
    },
  },
  {
    name: 'what an RC file lacks is asked for once and kept',
    async run(place) {
      const folder = await makeFolder(place, 'asked')
      const rcPath = join(folder, 'rc')
      const asked: string[] = []
      const answers: Readonly<Record<string, string>> = {
        Address: place.url,
        How: 'userpass',
        User: place.user.username,
        Password: place.user.password,
      }
      const connectAsking = () =>
        connectFromConfig({
          rcPath,
          section: 'case',
          settings: { tokenFilePath: join(folder, 'token') },
          fetch: place.fetch,
          ask: async ({ text }) => {
            asked.push(text)
            return answers[text.split(' ')[0] ?? ''] ?? ''
          },
        })
      equal((await (await connectAsking()).users.me()).username, place.user.username)
      equal(asked.length, 4)
      equal((await (await connectAsking()).users.me()).username, place.user.username)
      equal(asked.length, 4)
      const text = await readFile(rcPath, 'utf8')
      match(text, /^\[case\]\nhost_uri = http/)
      equal(text.includes(place.user.password) && place.user.password !== place.user.username, false)
    },
  },
]

function makeSettings(tokenFilePath: string): Parameters<typeof toRcValues>[0] {
  return {
    url: 'https://one.example/100%',
    username: 'älice',
    authMode: 'userpass',
    verify: false,
    clientId: undefined,
    clientSecret: undefined,
    tokenFilePath,
    credentialKey: undefined,
  }
}

async function makeFolder(place: Place, name: string): Promise<string> {
  const folder = join(place.folder, `rc-${name}`)
  await mkdir(folder)
  return folder
}

/** @param home - Takes the place of the home directory, so that no file of the machine is touched. */
function runPython(program: string, args: readonly string[], home: string): string {
  if (!existsSync(PYTHON)) throw new Skip('there is no virtual environment: run conformance/python first')
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-c', program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, HOME: home, PYTHONDONTWRITEBYTECODE: '1' },
  })
  if (status !== 0) throw new Error(`python ended with ${status}: ${stderr}`)
  return stdout
}
