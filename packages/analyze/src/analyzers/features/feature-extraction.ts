import { type Analyzer, AnalyzerFailure } from '../analyzer.ts'
import { ruleObject, ruleText } from '../rule-members.ts'
import { EVENT_PLUGIN, extractEventData } from './extract-event-data.ts'
import { extractMatches, REGEX_PLUGIN } from './extract-matches.ts'

/** Gives fields of their own to what stands in others; each feature of the files is an analysis of its own. */
export const featureExtraction: Analyzer = {
  name: 'feature_extraction',
  displayName: 'Feature Extractions',
  description:
    'Gives fields of their own to what regular expressions find, and to the data of Windows events',
  dependencies: [],
  listParameters: ({ regexFeatures, eventFeatures }) =>
    [
      { plugin: REGEX_PLUGIN, features: regexFeatures },
      { plugin: EVENT_PLUGIN, features: eventFeatures },
    ].flatMap(({ plugin, features }) =>
      Object.entries(features).map(([feature_name, feature_config]) => ({
        feature_name,
        feature_config,
        plugin_name: plugin,
      })),
    ),
  async run(run) {
    const plugin = ruleText(run.parameters, 'plugin_name')
    const name = ruleText(run.parameters, 'feature_name')
    if (name === undefined) throw new AnalyzerFailure('the parameter "feature_name" is needed')
    const feature = ruleObject(run.parameters, 'feature_config')
    switch (plugin) {
      case REGEX_PLUGIN:
        return await extractMatches(run, name, feature)
      case EVENT_PLUGIN:
        return await extractEventData(run, name, feature)
      default:
        throw new AnalyzerFailure(
          `the parameter "plugin_name" is ${JSON.stringify(plugin ?? null)}, ${REGEX_PLUGIN} or ${EVENT_PLUGIN} was expected`,
        )
    }
  },
}
