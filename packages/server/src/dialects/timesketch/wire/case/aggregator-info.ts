import { AGGREGATORS, type Aggregator } from '@timeskein/analyze'

/** The aggregators that are listed (Timesketch 20261014: lib/aggregators). */
export const LISTED_AGGREGATORS: readonly Aggregator[] = AGGREGATORS.filter(
  (aggregator) => aggregator.isListed,
)

/** `meta.aggregators` of a sketch. */
export const AGGREGATOR_FORMS: Readonly<Record<string, unknown>> = Object.fromEntries(
  LISTED_AGGREGATORS.map((aggregator) => [
    aggregator.name,
    {
      form_fields: aggregator.formFields,
      display_name: aggregator.displayName,
      description: aggregator.description,
    },
  ]),
)

/** One line of `/aggregation/info/`. */
export function marshalAggregatorInfo(aggregator: Aggregator): Record<string, unknown> {
  return {
    name: aggregator.name,
    display_name: aggregator.displayName,
    description: aggregator.description,
    fields: aggregator.formFields.map((field) => ({ name: field.name, description: field.label })),
  }
}
