// The rule files: those that the platform keeps and that can be edited, and all others to look at and copy from.
import type { RuleFileView } from '@guardcell/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ruleFilesQuery } from '../../api/queries.ts';
import { useI18n, useText } from '../../i18n/i18n-context.tsx';
import { Badge, Card } from '../../ui/page.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/states.tsx';
import t from '../../ui/table.module.css';
import x from '../../ui/text.module.css';
import s from './rules.module.css';
import { RulesHead } from './rules-head.tsx';

export function FilesPage(): ReactNode {
  const text = useText();
  const { data, error, refetch } = useQuery(ruleFilesQuery);
  const { files } = text.workbench;
  const custom = data?.items.filter((file) => file.editable) ?? [];
  const others = data?.items.filter((file) => !file.editable) ?? [];
  return (
    <>
      <RulesHead current="files" />
      {data !== undefined && <p className={s.filesNote}>{files.note(data.folder)}</p>}
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <p aria-busy="true">
          <Skeleton width="60%" />
        </p>
      ) : (
        <>
          <Card title={files.custom} className={s.filesCard} flush>
            {custom.length === 0 ? (
              <EmptyState compact title={files.empty} hint={files.emptyHint} />
            ) : (
              <FileTable files={custom} />
            )}
          </Card>
          <Card title={files.others} flush>
            <FileTable files={others} />
          </Card>
        </>
      )}
    </>
  );
}

function FileTable({ files }: { readonly files: readonly RuleFileView[] }): ReactNode {
  const { text, format } = useI18n();
  const { column, published, draft, both, problems, noProblems, open, readOnly } = text.workbench.files;
  return (
    <table className={t.table}>
      <thead>
        <tr>
          <th scope="col">{column.name}</th>
          <th scope="col" className={`${s.fileRules} ${t.right}`}>
            {column.rules}
          </th>
          <th scope="col" className={s.fileProblems}>
            {column.problems}
          </th>
          <th scope="col" className={s.fileState}>
            {column.state}
          </th>
        </tr>
      </thead>
      <tbody>
        {files.map((file) => (
          <tr key={file.name}>
            <td>
              <div className={t.main}>
                <Link
                  to="/rules/editor"
                  search={{ file: file.name }}
                  className={s.title}
                  aria-label={open(file.name)}
                >
                  <code>{file.name}</code>
                </Link>
              </div>
            </td>
            <td className={t.right}>{format.number(file.rules)}</td>
            <td>
              {file.errors + file.warnings === 0 ? (
                <span className={x.muted}>{noProblems}</span>
              ) : (
                <Badge tone={file.errors > 0 ? 'bad' : 'warn'}>{problems(file.errors, file.warnings)}</Badge>
              )}
            </td>
            <td>
              {file.draft ? (
                <Badge tone="accent">{file.published ? both : draft}</Badge>
              ) : (
                <span className={x.muted}>{file.editable ? published : readOnly}</span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
