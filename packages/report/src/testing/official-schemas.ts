// The published schemas of formats, as npm packages carry them, for tests.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** A JSON Schema or XSD of CycloneDX: `bom-1.6.SNAPSHOT.schema.json`, `spdx.SNAPSHOT.xsd` … */
export function cyclonedxSchema(name: string): string {
  const entry = require.resolve('@cyclonedx/cyclonedx-library/package.json');
  return readFileSync(join(dirname(entry), 'res/schema', name), 'utf8');
}

/** The JSON Schema of SARIF 2.1.0, without its declaration of draft 4, which it does not depend on. */
export function sarifSchema(): object {
  const entry = require.resolve('@microsoft/jest-sarif/package.json');
  const file = join(dirname(entry), 'lib/schemas/sarif-2.1.0-rtm.5.json');
  const {
    $schema: _draft,
    id: _id,
    ...schema
  } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  return schema;
}
