// What threads that make events need of the model: without the schemas of our API, which take longer to load than all of this.
export { BatchSpace, sizeIn } from './batch-space.ts'
export { countDays, formatIsoTime } from './event-time.ts'
export { joinMembers, listMembers } from './json-members.ts'
