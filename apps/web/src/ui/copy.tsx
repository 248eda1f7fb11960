// Copying to the clipboard, with a sign that it worked.
import { type ReactNode, useEffect, useState } from 'react';
import { useText } from '../i18n/i18n-context.tsx';
import { Button, IconButton } from './button.tsx';

const SHOWN_MS = 1600;

export function CopyButton(props: {
  readonly value: string;
  readonly label?: string;
  readonly iconOnly?: boolean;
}): ReactNode {
  const text = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const label = props.label ?? text.common.copy;
  const copy = (): void => {
    void navigator.clipboard.writeText(props.value).then(() => setCopied(true));
  };
  if (props.iconOnly) {
    return (
      <IconButton
        icon={copied ? 'check' : 'copy'}
        size="small"
        label={copied ? text.common.copied : label}
        onClick={copy}
      />
    );
  }
  return (
    <Button icon={copied ? 'check' : 'copy'} size="small" onClick={copy}>
      {copied ? text.common.copied : label}
    </Button>
  );
}
