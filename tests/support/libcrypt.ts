// Password hashes as this machine's own crypt(3) makes them, which is what people sign in with.
import { tryCommand } from './run-command.ts';

const PROGRAM =
  'while (<STDIN>) { chomp; my ($word, $setting) = split / /; print crypt(pack("H*", $word), $setting) // "", "\\n" }';

/** A password with what is in front of the hash, or a whole hash. */
export type HashRequest = readonly [word: string, setting: string];

/** In their order; empty or beginning with `*` for settings that are refused. Undefined without perl. */
export async function libcryptHashes(
  requests: readonly HashRequest[],
): Promise<readonly string[] | undefined> {
  const input = requests.map(([word, setting]) => `${Buffer.from(word).toString('hex')} ${setting}\n`);
  const { code, stdout } = await tryCommand('perl', ['-e', PROGRAM], { input: input.join('') });
  return code === 0 ? stdout.split('\n').slice(0, requests.length) : undefined;
}
