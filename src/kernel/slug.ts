const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?$/

/** What a slug may look like, in words for the person who types one. */
export const SLUG_RULE = '1 to 48 of a-z, 0-9 and hyphens, not beginning or ending with a hyphen'

/** True when the text can be the slug of an organization or project. */
export function isSlug(text: string): boolean {
  return SLUG.test(text)
}

/** A slug made from a name; empty when nothing of the name can stay. */
export function slugFrom(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 48)
    .replace(/^-+|-+$/g, '')
}
