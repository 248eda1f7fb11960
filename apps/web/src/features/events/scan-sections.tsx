// Of an alert from scanning: which vulnerability, malware or secret, in which package of which image or host.
import type { Alert } from '@guardcell/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useText } from '../../i18n/i18n-context.tsx';
import { Section } from '../../ui/drawer.tsx';
import { Facts, Mono } from '../../ui/page.tsx';
import s from './alert.module.css';
import { scanFacts } from './scan-facts.ts';

/** Instead of process tree and rule, which such an alert does not have. */
export function ScanSections({ alert }: { readonly alert: Alert }): ReactNode {
  const { scanAlert } = useText();
  const facts = scanFacts(alert);
  return (
    <Section
      title={scanAlert.title}
      aside={
        facts.artifact !== '' && (
          <Link to="/images/$imageId" params={{ imageId: facts.artifact }} className={s.more}>
            {scanAlert.openImage}
          </Link>
        )
      }
    >
      <Facts
        items={[
          facts.vulnerabilities.length > 0 && [
            scanAlert.vulnerability,
            <span key="v" className={s.chips}>
              {facts.vulnerabilities.map((id) => (
                <Link
                  key={id}
                  to="/vulnerabilities/$vulnerabilityId"
                  params={{ vulnerabilityId: id }}
                  className={s.chip}
                  title={scanAlert.openVulnerability}
                >
                  {id}
                </Link>
              ))}
            </span>,
          ],
          facts.package !== '' && [scanAlert.package, <Mono key="p">{facts.package}</Mono>],
          [
            scanAlert.image,
            facts.artifact === '' ? (
              facts.artifactName
            ) : (
              <Link
                key="i"
                to="/images/$imageId"
                params={{ imageId: facts.artifact }}
                {...(facts.vulnerabilities.length === 1 && { search: { q: facts.vulnerabilities[0] ?? '' } })}
                className={s.link}
              >
                {facts.artifactName}
              </Link>
            ),
          ],
        ]}
      />
    </Section>
  );
}
