// Parts of an image reference that checks ask for.

/** Whether the reference may mean another image tomorrow: no tag, or `latest`. Variables are given the benefit of the doubt. */
export function isFloating(reference: string): boolean {
  if (
    reference === '' ||
    reference === 'scratch' ||
    reference.includes('@sha256:') ||
    reference.includes('$')
  )
    return false;
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const tag = name.includes(':') ? name.slice(name.indexOf(':') + 1) : '';
  return tag === '' || tag === 'latest';
}
