// What threads that make events need of the model: without the schemas of our API, which take longer to load than all of this.
export { BatchSpace, sizeIn } from './batch-space.ts'
export { countDays, formatIsoTime } from './event-time.ts'
export { type FieldChoice, listNamedFields, readConstant } from './field-map.ts'
export { joinMembers, listMembers, splitElements, splitMembers } from './json-members.ts'
