// What a client may make this engine chew on. Every bound refuses with a typed error that names it.

/** Characters of one JSON body: a full replacement of 100,000 members is about 5 million. */
export const MAX_BODY_LENGTH = 8 * 1024 * 1024

/** Levels of objects and arrays in a body. A bulk request with a PATCH of complex values needs 9. */
export const MAX_JSON_DEPTH = 32

/** Characters of a filter, a PATCH path or a list of attribute names. */
export const MAX_EXPRESSION_LENGTH = 8 * 1024

/** Parentheses, `not` and brackets inside one another. */
export const MAX_FILTER_DEPTH = 32

/** Comparisons and logical operators of one filter together. */
export const MAX_FILTER_NODES = 256

/** Operations of one PATCH: of a group, each may name one member. */
export const MAX_PATCH_OPERATIONS = 10_000

/** Changes of attributes by one PATCH, members aside; each may look at MAX_VALUES elements. */
export const MAX_EDITS = 1_000

/** Characters (UTF-16) of a text, unless its definition says otherwise. */
export const MAX_TEXT_LENGTH = 4_096

/** Characters of a text that is looked up by an index, whose rows PostgreSQL bounds at 2,704 bytes. */
export const MAX_KEY_LENGTH = 512

/** Characters of binary data and references, which may carry a certificate or a picture. */
export const MAX_BINARY_LENGTH = 65_536

/** Elements of a multi-valued attribute, unless its definition says otherwise. */
export const MAX_VALUES = 500

/** Members that one request may name. */
export const MAX_MEMBERS = 100_000

/** Characters of a pagination cursor. */
export const MAX_CURSOR_LENGTH = 1_024
