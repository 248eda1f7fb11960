// META-INF/MANIFEST.MF and pom.properties of jars.
// Formats: https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html and java.util.Properties.

/** Headers of the main section, names in lower case; continued lines joined. */
export function parseManifest(text: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  let name = '';
  let parts: string[] = [];
  const finish = (): void => {
    if (name !== '' && !headers.has(name)) headers.set(name, parts.join('').trim());
  };
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line.startsWith(' ')) {
      parts.push(line.slice(1));
      continue;
    }
    finish();
    name = '';
    // Sections for single files follow an empty line.
    if (line === '') {
      if (headers.size > 0) break;
      continue;
    }
    const cut = line.indexOf(':');
    if (cut <= 0) continue;
    name = line.slice(0, cut).toLowerCase();
    parts = [line.slice(cut + 1).trimStart()];
  }
  finish();
  return headers;
}

/** `key=value` lines as Maven writes them. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    const cut = line.search(/[=:]/);
    if (cut > 0 && !/^[#!]/.test(line)) properties.set(line.slice(0, cut).trim(), line.slice(cut + 1).trim());
  }
  return properties;
}
