import { accountFinder } from './account-finder.ts'
import type { Analyzer } from './analyzer.ts'
import { browserSearch } from './browser/browser-search.ts'
import { domain } from './domains/domain.ts'
import { featureExtraction } from './features/feature-extraction.ts'
import { login } from './logins/login.ts'
import { sshBruteForce } from './logins/ssh-brute-force.ts'
import { windowsBruteForce } from './logins/windows-brute-force.ts'
import { tagger } from './tagger/tagger.ts'

/** Every analyzer there is, in the order of lists. */
export const ANALYZERS: readonly Analyzer[] = [
  accountFinder,
  browserSearch,
  domain,
  featureExtraction,
  login,
  sshBruteForce,
  windowsBruteForce,
  tagger,
]
