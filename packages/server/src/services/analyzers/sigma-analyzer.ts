import type { DetectionService } from '../detections/detection-service.ts'
import type { LibraryRules } from '../detections/library-rules.ts'
import type { HouseAnalyzer } from './house-analyzer.ts'

/**
 * Runs the enabled Sigma rules of the library over a timeline: one analysis for all of them, where Timesketch has one for each. Its
 * tags are detection's own, and so are the alerts.
 */
export function createSigmaAnalyzer(
  detections: Pick<DetectionService, 'run'>,
  library: Pick<LibraryRules, 'describe'>,
): HouseAnalyzer {
  return {
    name: 'sigma',
    displayName: 'Sigma',
    description: 'Runs the Sigma rules of the library: tags, alerts and incidents',
    dependencies: [],
    describeState: () => library.describe(),
    async runFor(principal, { sketchId, timeline, signal, log }) {
      const report = await detections.run(principal, {
        sketchId,
        selection: { entries: [timeline.id] },
        signal,
      })
      for (const { rule, file, reason } of report.unsupported) log(`${rule ?? file} was not run: ${reason}`)
      const told = report.matched
        .filter(({ isReported }) => isReported)
        .map(({ title, id, hits }) => `${hits} events tagged for rule [${title}] (${id})`)
      return told.length === 0 ? `0 events tagged by ${report.rules} rules` : told.join('\n')
    },
  }
}
