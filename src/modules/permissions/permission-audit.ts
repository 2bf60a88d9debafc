/** A permission as the target of an audit row; its key is its id. */
export function permissionTarget({ key, title }: { key: string; title: string }) {
  return { type: 'Permission', id: key, label: title }
}
