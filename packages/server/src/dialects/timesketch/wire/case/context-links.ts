import type { ContextLink, ContextLinks } from '../../../../services/intelligence/context-links.ts'

/** Links by field. */
export function marshalContextLinks(links: ContextLinks): Record<string, unknown> {
  return Object.fromEntries([...links].map(([field, own]) => [field, own.map(marshalLink)]))
}

function marshalLink(link: ContextLink): Record<string, unknown> {
  const regex = link.validationRegex === undefined ? {} : { validation_regex: link.validationRegex }
  if (link.kind === 'module')
    return { type: 'hardcoded_modules', short_name: link.shortName, module: link.module, ...regex }
  return {
    type: 'linked_services',
    short_name: link.shortName,
    context_link: link.url,
    redirect_warning: link.warns,
    ...regex,
  }
}
