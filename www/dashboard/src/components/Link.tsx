import type { MouseEvent, ReactNode } from 'react';
import { type Address, writeAddress } from '../address';
import type { Go } from '../useAddress';

interface LinkProps {
  address: Address;
  /** What is different there. */
  to: Partial<Address>;
  go: Go;
  current?: boolean;
  className?: string;
  children: ReactNode;
}

/** A link within the dashboard: an address to copy or open elsewhere, and a step without loading here. */
export function Link({ address, to, go, current = false, className, children }: LinkProps) {
  function follow(event: MouseEvent): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  }

  return (
    <a className={className} href={writeAddress({ ...address, ...to })} aria-current={current ? 'page' : undefined} onClick={follow}>
      {children}
    </a>
  );
}
