import type { ConfigFolder } from '../config/config-folder.ts'

/** How a tag is shown: the heavier, the further in front. */
export interface TagAppearance {
  readonly weight: number
  readonly type: 'danger' | 'warning' | 'legit' | 'info' | 'default'
}

/** How tags are shown: by name, `default` for all others, and under `regexes` by regular expressions over names. */
export type TagMetadata = Readonly<Record<string, TagAppearance | Readonly<Record<string, TagAppearance>>>>

/** The file, under the folder of configuration. */
const FILE = 'intelligence_tag_metadata.yaml'

const SHIPPED: TagMetadata = {
  bad: { type: 'danger', weight: 90 },
  default: { type: 'default', weight: 0 },
  export: { type: 'info', weight: 100 },
  good: { type: 'legit', weight: 10 },
  legit: { type: 'legit', weight: 10 },
  malware: { type: 'danger', weight: 100 },
  regexes: {
    '^GROUPNAME': { type: 'danger', weight: 100 },
    '^inv_': { type: 'warning', weight: 80 },
  },
  suspicious: { type: 'warning', weight: 50 },
}

/** What the file says, in the shape of Timesketch's; without it, what comes with the program. */
export async function readTagMetadata(config: ConfigFolder): Promise<TagMetadata> {
  const file = await config.readFile(FILE)
  return file?.value !== null && typeof file?.value === 'object' ? (file.value as TagMetadata) : SHIPPED
}
