// Where to read on about a vulnerability.
import type { ReactNode } from 'react';
import s from './vulnerabilities.module.css';

/** Links to other sites, only where the address is one of the web. */
export function References({ addresses }: { readonly addresses: readonly string[] }): ReactNode {
  return (
    <ul className={s.references}>
      {[...new Set(addresses)].map((address) => (
        <li key={address}>
          {/^https?:\/\//.test(address) ? (
            <a href={address} target="_blank" rel="noreferrer">
              {address}
            </a>
          ) : (
            address
          )}
        </li>
      ))}
    </ul>
  );
}
