// Texts of several sentences or clauses: as a whole when its form is known, else piece by piece.
import { type Phrase, phraseOf } from '@guardcell/kit';

/** Longer texts are somebody's input, or what another program printed. */
const MAX_LENGTH = 2000;
const MAX_DEPTH = 3;
/** Borders of a text that are looked at. */
const MAX_BORDERS = 4;
const BORDER = /; |\. (?=[A-Z`'])| \((?=[A-Z].*\.\)$)/g;

type Say = (text: string) => string | undefined;

/** With or without its full stop. */
function one(
  text: string,
  phrases: readonly Phrase[],
  inside: (value: string) => string,
): string | undefined {
  return phraseOf(text, phrases, inside) ?? phraseOf(`${text}.`, phrases, inside)?.replace(/。$/, '');
}

/** Two parts of which at least the one behind is known; what is before it may be another program's. */
function parted(text: string, say: Say): string | undefined {
  for (const { index, 0: border } of text.matchAll(BORDER).take(MAX_BORDERS)) {
    const isNote = border === ' (';
    const tail = say(text.slice(index + border.length, isNote ? -1 : undefined));
    if (tail === undefined) continue;
    const head = text.slice(0, index);
    const said = say(head) ?? parted(head, say) ?? head;
    return isNote ? `${said}（${tail}）` : `${said}${border === '; ' ? '；' : '。'}${tail}`;
  }
  return undefined;
}

/** The text by the phrases, as far as its sentences are known; the others stay. */
export function saidIn(text: string, phrases: readonly Phrase[], depth = 0): string {
  if (text === '' || text.length > MAX_LENGTH || depth > MAX_DEPTH) return text;
  const inside = (value: string): string => saidIn(value, phrases, depth + 1);
  const say: Say = (piece) => one(piece, phrases, inside);
  const whole = say(text) ?? parted(text, say);
  if (whole !== undefined) return whole;
  const [border] = text.matchAll(BORDER);
  if (border === undefined) return text;
  // Begun by us, ended by another program.
  const head = say(text.slice(0, border.index));
  if (head === undefined) return text;
  const rest = text.slice(border.index + border[0].length);
  return `${head}${border[0] === '; ' ? '；' : border[0] === ' (' ? '（' : '。'}${rest}`;
}
