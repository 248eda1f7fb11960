// Switches a rule on or off; shows the new state at once and takes it back when the server refuses.
import type { RuleView } from '@guardcell/contract';
import { type ReactNode, useState } from 'react';
import { useUpdateRule } from '../../api/mutations.ts';
import { useCan } from '../../api/session.ts';
import { useI18n } from '../../i18n/i18n-context.tsx';
import { Switch } from '../../ui/field.tsx';
import { useToast } from '../../ui/toast.tsx';
import { localText } from './rule-titles.ts';

export function RuleSwitch({ rule }: { readonly rule: RuleView }): ReactNode {
  const { text, language } = useI18n();
  const allowed = useCan('admin');
  const update = useUpdateRule();
  const toast = useToast();
  const [wanted, setWanted] = useState<boolean | null>(null);
  const title = localText(rule.title, language) || rule.name;

  function set(enabled: boolean, undoable: boolean): void {
    setWanted(enabled);
    update.mutate(
      { name: rule.name, enabled },
      {
        onSuccess: () =>
          toast({
            tone: 'good',
            title: enabled ? text.rules.switchedOn(title) : text.rules.switchedOff(title),
            ...(undoable && { action: { label: text.common.undo, run: () => set(!enabled, false) } }),
          }),
        onError: (error) => toast({ tone: 'bad', title: text.rules.toggle(title), detail: error.message }),
        onSettled: () => setWanted(null),
      },
    );
  }
  return (
    <Switch
      label={text.rules.toggle(title)}
      checked={wanted ?? rule.enabled}
      disabled={!allowed}
      title={allowed ? undefined : text.rules.needAdmin}
      onChange={(enabled) => set(enabled, true)}
    />
  );
}
