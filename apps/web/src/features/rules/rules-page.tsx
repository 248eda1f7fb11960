// The rule library: find a rule, switch it on or off, see what could not be loaded.
import type { RuleView } from '@guardcell/contract';
import type { RuleLoadProblem } from '@guardcell/core';
import { SEVERITIES } from '@guardcell/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, useMemo, useRef } from 'react';
import { rulesQuery } from '../../api/queries.ts';
import { useFormat, useI18n, useText } from '../../i18n/i18n-context.tsx';
import { defined } from '../../routes/search-params.ts';
import { InlineSelect, SearchBox } from '../../ui/field.tsx';
import { Badge, Card, Mono, PageHead } from '../../ui/page.tsx';
import { useRowKeys } from '../../ui/row-keys.ts';
import { SeverityLabel } from '../../ui/severity.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import { RuleSwitch } from './rule-switch.tsx';
import { localText } from './rule-titles.ts';
import s from './rules.module.css';
import { distinct, filterRules, type RulesSearch } from './rules-search.ts';

export function RulesPage(): ReactNode {
  const text = useText();
  const navigate = useNavigate();
  const search = useSearch({ from: '/app/rules' });
  const { ruleName } = useParams({ strict: false });
  const { data, error, refetch } = useQuery(rulesQuery);
  const shown = useMemo(() => filterRules(data?.items ?? [], search), [data, search]);
  const frame = useRef<HTMLDivElement>(null);
  useRowKeys(frame);
  function show(next: RulesSearch): void {
    void navigate({ to: '/rules', search: next, replace: true });
  }
  return (
    <>
      <PageHead
        title={text.rules.title}
        note={
          data === undefined
            ? ''
            : text.rules.count(data.items.length, data.items.filter((rule) => rule.enabled).length)
        }
      />
      {data !== undefined && data.problems.length > 0 && <Problems problems={data.problems} />}
      <RuleTools search={search} rules={data?.items ?? []} onChange={show} />
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <div ref={frame} className={t.frame}>
          <table className={t.table}>
            <colgroup>
              <col />
              <col className={s.colSeverity} />
              <col className={s.colMitre} />
              <col className={s.colAlerts} />
              <col className={s.colEnabled} />
            </colgroup>
            <thead>
              <tr>
                {(['rule', 'severity', 'mitre', 'alerts', 'enabled'] as const).map((key) => (
                  <th key={key} scope="col" className={key === 'alerts' ? t.right : undefined}>
                    {text.rules.column[key]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {data === undefined ? (
                <LoadingRows />
              ) : (
                shown.map((rule) => (
                  <Row key={rule.name} rule={rule} open={rule.name === ruleName} search={search} />
                ))
              )}
            </tbody>
          </table>
          {data !== undefined && shown.length === 0 && (
            <EmptyState title={text.rules.empty} hint={text.rules.emptyHint} />
          )}
        </div>
      )}
      <Outlet />
    </>
  );
}

function RuleTools(props: {
  readonly search: RulesSearch;
  readonly rules: readonly RuleView[];
  readonly onChange: (next: RulesSearch) => void;
}): ReactNode {
  const { search, rules, onChange } = props;
  const text = useText();
  const tags = useMemo(() => distinct(rules.map((rule) => rule.tags)), [rules]);
  const techniques = useMemo(() => distinct(rules.map((rule) => rule.mitre)), [rules]);
  const set = (key: keyof RulesSearch, value: string): void => {
    const { [key]: _old, ...rest } = search;
    onChange(value === '' ? rest : { ...rest, [key]: value });
  };
  const any = (label: string): { value: string; label: string } => ({
    value: '',
    label: `${label}: ${text.common.any}`,
  });
  const same = (value: string): { value: string; label: string } => ({ value, label: value });
  return (
    <div className={s.toolBar}>
      <SearchBox
        label={text.rules.search}
        value={search.q ?? ''}
        onChange={(q) => onChange(defined({ ...search, q: q || undefined }))}
      />
      <InlineSelect
        label={text.rules.filterSeverity}
        value={search.severity ?? ''}
        options={[
          any(text.rules.filterSeverity),
          ...SEVERITIES.map((one) => ({ value: one, label: text.severity[one] })),
        ]}
        onChange={(value) => set('severity', value)}
      />
      <InlineSelect
        label={text.rules.filterTag}
        value={search.tag ?? ''}
        options={[any(text.rules.filterTag), ...tags.map(same)]}
        onChange={(value) => set('tag', value)}
      />
      <InlineSelect
        label={text.rules.filterMitre}
        value={search.mitre ?? ''}
        options={[any('ATT&CK'), ...techniques.map(same)]}
        onChange={(value) => set('mitre', value)}
      />
      <InlineSelect
        label={text.rules.filterState}
        value={search.state ?? ''}
        options={[
          any(text.rules.filterState),
          { value: 'on', label: text.rules.onlyOn },
          { value: 'off', label: text.rules.onlyOff },
        ]}
        onChange={(value) => set('state', value)}
      />
    </div>
  );
}

function Problems({ problems }: { readonly problems: readonly RuleLoadProblem[] }): ReactNode {
  const text = useText();
  return (
    <Card title={text.rules.problems(problems.length)} className={s.problems} flush>
      <p className={s.problemsHint}>{text.rules.problemsHint}</p>
      <ul>
        {problems.map((problem) => (
          <li
            key={`${problem.file}:${problem.line}:${problem.column} ${problem.code} ${problem.message}`}
            className={s.problem}
          >
            <Badge tone={problem.level === 'error' ? 'bad' : 'warn'}>{text.rules.level[problem.level]}</Badge>
            <div>
              <p className={s.problemText}>
                {problem.message} <code>{problem.code}</code>
              </p>
              {problem.hint !== '' && <p className={t.muted}>{problem.hint}</p>}
              <p className={t.muted}>
                <Mono wrap>{`${problem.file}:${problem.line}:${problem.column}`}</Mono>
                {problem.item !== '' && ` · ${problem.item}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function LoadingRows(): ReactNode {
  return Array.from({ length: 12 }, (_, index) => (
    // oxlint-disable-next-line react/no-array-index-key
    <tr key={index}>
      {[40 + (index % 3) * 12, 60, 60, 30, 32].map((width, cell) => (
        // oxlint-disable-next-line react/no-array-index-key
        <td key={cell}>
          <Skeleton width={cell === 4 ? width : `${width}%`} />
        </td>
      ))}
    </tr>
  ));
}

function Row(props: {
  readonly rule: RuleView;
  readonly open: boolean;
  readonly search: RulesSearch;
}): ReactNode {
  const { rule, open, search } = props;
  const { language } = useI18n();
  const format = useFormat();
  const navigate = useNavigate();
  const title = localText(rule.title, language) || rule.name;
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <tr
      className={t.row}
      data-open={open}
      onClick={(event) => {
        if ((event.target as Element).closest('a, label, input')) return;
        void navigate({ to: '/rules/$ruleName', params: { ruleName: rule.name }, search });
      }}
    >
      <td>
        <Link
          to="/rules/$ruleName"
          params={{ ruleName: rule.name }}
          search={search}
          data-row
          data-open={open}
          className={s.ruleLink}
        >
          <span className={t.main}>{title}</span>
          <span className={t.sub}>{localText(rule.description, language)}</span>
        </Link>
      </td>
      <td>
        <SeverityLabel severity={rule.severity} />
      </td>
      <td>
        <span className={t.inlineBadges}>
          {rule.mitre.slice(0, 3).map((technique) => (
            <Badge key={technique}>{technique}</Badge>
          ))}
        </span>
      </td>
      <td className={t.right}>
        {rule.alerts24h === 0 ? (
          <span className={t.muted}>0</span>
        ) : (
          <Link to="/events" search={{ rule: [rule.name] }} className={s.alertLink}>
            {format.number(rule.alerts24h)}
          </Link>
        )}
      </td>
      <td>
        <RuleSwitch rule={rule} />
      </td>
    </tr>
  );
}
