// Texts that stand where a secret would be: documentation, templates, masks.

const WORDS = [
  'example',
  'placeholder',
  'changeme',
  'change_me',
  'change-me',
  'redacted',
  'xxxx',
  '****',
  '....',
  '-----',
  '_____',
  'your_',
  'your-',
  'yourapi',
  'yourtoken',
  'yoursecret',
  'yourpassword',
  'my_secret',
  'insert_',
  'replace_',
  'replaceme',
  'dummy',
  'notreal',
  'not-a-real',
  'abcdefgh',
  '01234567',
  '12345678',
  '87654321',
  '${',
  '{{',
  '}}',
  '<%',
  '%s',
  '$(',
] as const;

/** So many equal characters in a row do not come from a random generator. */
const LONGEST_RUN = 6;

function hasLongRun(text: string): boolean {
  let run = 1;
  for (let at = 1; at < text.length; at++) {
    run = text[at] === text[at - 1] ? run + 1 : 1;
    if (run >= LONGEST_RUN) return true;
  }
  return false;
}

/** A whole value that refers to something else: `<token>`, `$VAR`, `%VAR%`, `[secret]`. */
function isReference(text: string): boolean {
  const first = text[0] ?? '';
  const last = text.at(-1) ?? '';
  if (first === '$' || (first === '%' && last === '%')) return true;
  return (
    (first === '<' && last === '>') || (first === '[' && last === ']') || (first === '{' && last === '}')
  );
}

/** Whether the text only marks the place of a secret. */
export function isPlaceholder(text: string): boolean {
  const lower = text.toLowerCase();
  return isReference(text) || WORDS.some((word) => lower.includes(word)) || hasLongRun(text);
}
