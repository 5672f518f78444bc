export { joinMembers, splitMembers } from '@timeskein/model'
