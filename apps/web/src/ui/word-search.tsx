// A search box that one types into freely; the search itself follows when the typing pauses.
import { type ReactNode, useEffect, useState } from 'react';
import { SearchBox } from './field.tsx';

const TYPING_MS = 200;

export function WordSearch(props: {
  readonly label: string;
  readonly value: string;
  /** With the words, trimmed; empty when there are none. */
  readonly onChange: (words: string) => void;
  readonly wide?: boolean;
}): ReactNode {
  const { value, onChange } = props;
  const [typed, setTyped] = useState(value);
  const [applied, setApplied] = useState(value);
  if (applied !== value) {
    setApplied(value);
    if (typed.trim() !== value) setTyped(value);
  }
  useEffect(() => {
    if (typed.trim() === value.trim()) return undefined;
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
    // Only typing starts the timer; a new `onChange` or `value` does not.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [typed]);
  return <SearchBox label={props.label} value={typed} onChange={setTyped} wide={props.wide === true} />;
}
