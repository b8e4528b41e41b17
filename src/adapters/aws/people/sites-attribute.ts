/**
 * A person's sites as Cognito's attribute `custom:sites` has them: all of them where it is empty, a JSON list otherwise,
 * since a site's name may hold commas and spaces. What people wrote into it by hand, with commas, is read too.
 */
export const sitesAttribute = (sites: readonly string[] | null): string =>
  sites === null ? '' : JSON.stringify(sites)

/** Null means all of them. What is no list means none. */
export function sitesOf(attribute: string | undefined): string[] | null {
  if (attribute === undefined || attribute.trim() === '') return null
  if (!attribute.startsWith('[')) return attribute.split(/[\s,]+/).filter((site) => site !== '')
  try {
    const list: unknown = JSON.parse(attribute)
    return Array.isArray(list) ? list.filter((site): site is string => typeof site === 'string') : []
  } catch {
    return []
  }
}
