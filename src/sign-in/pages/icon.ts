/** Outline of a gatehouse on a square of 24: the logo of the pages and, filled in, their icon. */
export const GATEHOUSE_OUTLINE = 'M3 21V8l3-2V3h3v1.5h6V3h3v3l3 2v13h-5v-5a4 4 0 0 0-8 0v5z'

/** The icon of browser tabs, served as `/favicon.ico`; its colour is readable on light tabs and on dark ones. */
export const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path fill="#6b7cff" d="${GATEHOUSE_OUTLINE}"/></svg>
`
