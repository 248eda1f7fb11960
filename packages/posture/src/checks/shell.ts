// Shell commands as checks of several kinds of file look at them.

/** A script fetched and run in one go. */
export function pipesToShell(text: string): boolean {
  return (
    /\b(?:curl|wget)\b[^|;&\n]{0,500}\|\s*(?:sudo\s+)?(?:ba|da|z|k)?sh\b/.test(text) ||
    /\b(?:ba)?sh\s+<\(\s*(?:curl|wget)\b/.test(text)
  );
}

/** Certificates of servers are not checked. */
export function skipsTls(text: string): boolean {
  return (
    /\bcurl\b[^;&|\n]{0,300}\s(?:--insecure|-[a-jl-zA-Z]{0,6}k[a-zA-Z]{0,6})(?=\s|$)/.test(text) ||
    /\bwget\b[^;&|\n]{0,300}--no-check-certificate/.test(text) ||
    /\bgit\b[^;&|\n]{0,100}http\.sslVerify[= ]false|GIT_SSL_NO_VERIFY[= ](?:1|true)|NODE_TLS_REJECT_UNAUTHORIZED[= ]"?0|strict-ssl[= ]false|PYTHONHTTPSVERIFY[= ]"?0/.test(
      text,
    )
  );
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
