// Switches a rule on or off; shows the wish at once, and says how it went.
import type { RuleView } from '@guardcell/contract';
import type { ReactNode } from 'react';
import { useUpdateRule } from '../../api/mutations.ts';
import { useCan } from '../../api/session.ts';
import { useI18n } from '../../i18n/i18n-context.tsx';
import { Switch } from '../../ui/field.tsx';
import { useExplanation } from '../../ui/form-problem.tsx';
import { useToast } from '../../ui/toast.tsx';
import { localText } from './rule-titles.ts';

export function RuleSwitch({ rule }: { readonly rule: RuleView }): ReactNode {
  const { text, language } = useI18n();
  const allowed = useCan('admin');
  const update = useUpdateRule();
  const toast = useToast();
  const explanation = useExplanation();
  const title = localText(rule.title, language) || rule.name;

  function change(enabled: boolean, canUndo: boolean): void {
    update.mutate(
      { name: rule.name, enabled },
      {
        onSuccess: () =>
          toast({
            tone: 'good',
            title: enabled ? text.rules.switchedOn(title) : text.rules.switchedOff(title),
            ...(canUndo && {
              action: { label: text.common.undo, run: () => change(!enabled, false) },
            }),
          }),
        onError: (error) =>
          toast({
            tone: 'bad',
            title: text.rules.notSwitched(title),
            detail: explanation(error),
          }),
      },
    );
  }
  return (
    <Switch
      label={text.rules.toggle(title)}
      checked={update.isPending ? update.variables.enabled : rule.enabled}
      disabled={!allowed || update.isPending}
      title={allowed ? undefined : text.rules.needAdmin}
      onChange={(enabled) => change(enabled, true)}
    />
  );
}
