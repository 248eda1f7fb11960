// Shell commands as checks of several kinds of file look at them.

/** The command that the match stands in, up to the match: hostile texts must not be searched from every word on. */
function commandBefore(text: string, match: RegExpExecArray, span: number): string {
  const before = text.slice(Math.max(0, match.index - span), match.index);
  return before.slice(Math.max(...[';', '&', '|', '\n'].map((mark) => before.lastIndexOf(mark))) + 1);
}

/** A script fetched and run in one go. */
export function pipesToShell(text: string): boolean {
  for (const match of text.matchAll(/\|\s{0,100}(?:sudo\s{1,100})?(?:ba|da|z|k)?sh\b/g))
    if (/\b(?:curl|wget)\b/.test(commandBefore(text, match, 500))) return true;
  return /\b(?:ba)?sh\s{1,100}<\(\s{0,100}(?:curl|wget)\b/.test(text);
}

const SWITCHED_OFF =
  /\bhttp\.sslVerify[= ]false|GIT_SSL_NO_VERIFY[= ](?:1|true)|NODE_TLS_REJECT_UNAUTHORIZED[= ]"?0|strict-ssl[= ]false|PYTHONHTTPSVERIFY[= ]"?0/;

/** Certificates of servers are not checked. */
export function skipsTls(text: string): boolean {
  for (const match of text.matchAll(/\s(?:--insecure|-[a-jl-zA-Z]{0,6}k[a-zA-Z]{0,6})(?=\s|$)/g))
    if (/\bcurl\b/.test(commandBefore(text, match, 300))) return true;
  for (const match of text.matchAll(/--no-check-certificate/g))
    if (/\bwget\b/.test(commandBefore(text, match, 300))) return true;
  return SWITCHED_OFF.test(text);
}

/** A name that says that its value is secret. */
export function isSecretName(name: string): boolean {
  return /(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL)S?$/i.test(
    name,
  );
}

/** A value written out, not one that refers to something else. */
export function isLiteral(value: string): boolean {
  const bare = value.trim().replace(/^["']|["']$/g, '');
  return (
    bare !== '' &&
    !bare.includes('$') &&
    !bare.includes('{{') &&
    !/^(?:true|false|\/run\/secrets\/.*|<.*>)$/i.test(bare)
  );
}

/** `NAME=value` pairs of a command, or the one pair of `NAME value`. */
export function pairs(text: string): (readonly [string, string])[] {
  const found = [...text.matchAll(/([A-Za-z_]\w{0,100})=("[^"]{0,500}"|'[^']{0,500}'|\S{0,500})/g)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );
  const [name = '', ...rest] = text.split(/\s+/);
  return found.length === 0 && rest.length > 0 ? [[name, rest.join(' ')]] : found;
}
