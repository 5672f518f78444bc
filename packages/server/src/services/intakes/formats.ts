import type { IntakeFormat } from './intake-service.ts'

/** What comes with the program. */
export const BUILT_IN_FORMATS: readonly IntakeFormat[] = [
  builtIn(
    '6a736f6e-0000-8000-8000-000000000001',
    'JSON',
    'json',
    'Events as JSON objects, taken as they come.',
  ),
  builtIn(
    '74657874-0000-8000-8000-000000000002',
    'Text',
    'text',
    'Lines of logs; each is the message of an event.',
  ),
]

function builtIn(uid: string, name: string, slug: string, description: string): IntakeFormat {
  return { uid, name, slug, description, details: {}, isBuiltIn: true, createdAtMs: 0, updatedAtMs: 0 }
}

/** When alerts are made of what rules find; the only one there is. */
export const GENERATION_MODES: readonly { uid: string; name: string; description: string }[] = [
  {
    uid: '616c6572-7473-8000-8000-000000000001',
    name: 'automatic',
    description: 'Rules that are enabled look at events as they come, and make alerts.',
  },
]
