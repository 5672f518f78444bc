import type { Aggregator } from './aggregator.ts'
import { countFieldValues, VALUE_CHARTS } from './count-values.ts'
import { chartField, fieldField, LIMIT_FIELD, TIME_FIELDS } from './form-field.ts'

/** The commonest values of a field. */
export const fieldBucket: Aggregator = {
  name: 'field_bucket',
  displayName: 'Terms Aggregation',
  description: 'Aggregating values of a particular field',
  family: 'legacy',
  isListed: true,
  formFields: [
    chartField(VALUE_CHARTS),
    fieldField('What field to aggregate on'),
    ...TIME_FIELDS,
    LIMIT_FIELD,
  ],
  parameters: ['field', 'limit', 'start_time', 'end_time', 'order_field'],
  run: (asked) => countFieldValues(asked, { kind: 'all' }, (field) => `Top results for "${field}"`),
}
