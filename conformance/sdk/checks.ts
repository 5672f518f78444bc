import type { Check } from './check.ts'
import { IMPORT_CHECKS } from './checks/imports.ts'
import { MARK_CHECKS } from './checks/marks.ts'
import { PYTHON_FILE_CHECKS } from './checks/python-files.ts'
import { SEARCH_CHECKS } from './checks/search.ts'
import { SIGN_IN_CHECKS } from './checks/sign-in.ts'
import { SKETCH_CHECKS } from './checks/sketches.ts'
import { WORKSPACE_CHECKS } from './checks/workspace.ts'

/** Everything the TypeScript client must do against a server that speaks Timesketch's API. */
export const CHECKS: readonly Check[] = [
  ...SIGN_IN_CHECKS,
  ...SKETCH_CHECKS,
  ...IMPORT_CHECKS,
  ...SEARCH_CHECKS,
  ...MARK_CHECKS,
  ...WORKSPACE_CHECKS,
  ...PYTHON_FILE_CHECKS,
]
