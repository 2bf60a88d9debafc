/**
 * The part of a statement that keeps what members are found by; it belongs into every statement that writes their name or
 * address.
 *
 * @param members  a part that has `id`, `name` and `email` of members of the organization `$1`
 */
export const searchable = (members: string): string => `searchable AS (
  INSERT INTO member_search_texts (organization_id, member_id, text)
  SELECT $1, id, lower(name || ' ' || email) FROM ${members}
  ON CONFLICT (organization_id, member_id) DO UPDATE SET text = excluded.text
)`
