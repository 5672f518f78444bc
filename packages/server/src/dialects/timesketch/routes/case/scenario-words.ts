/** What is refused about scenarios and questions, in Timesketch's words. */
export const SCENARIO_WORDS = {
  'dfiq-not-found': [404, 'DFIQ is not configured on this server'],
  'scenario-not-found': [404, 'No scenario found with this ID'],
  'facet-not-found': [404, 'No facet found with this ID'],
  'question-not-found': [404, 'No question found with this ID'],
  'question-template-not-found': [404, 'DFIQ Question template not found.'],
  'conclusion-not-found': [404, 'No conclusion found with this ID'],
} as const
