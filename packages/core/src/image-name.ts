// Names of images.

/** `registry.example.com/shop/web:1@sha256:…` → `registry.example.com/shop/web`. */
export function withoutTag(reference: string): string {
  const [name = ''] = reference.split('@', 1);
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name;
}
