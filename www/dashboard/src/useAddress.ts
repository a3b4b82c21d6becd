import { useCallback, useEffect, useState } from 'react';
import { type Address, readAddress, writeAddress } from './address';

export type Go = (change: Partial<Address>) => void;

/** The address as state. Another view or visit is a step that the browser's back button undoes; a filter is not. */
export function useAddress(): [Address, Go] {
  const [address, setAddress] = useState(() => readAddress(location.search));

  useEffect(() => {
    const follow = () => setAddress(readAddress(location.search));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);

  const go = useCallback<Go>((change) => {
    const before = readAddress(location.search);
    const after = { ...before, ...change };
    const step = after.view !== before.view || after.visit !== before.visit;
    history[step ? 'pushState' : 'replaceState'](null, '', new URL(writeAddress(after), location.href));
    setAddress(after);
    if (after.view !== before.view) scrollTo({ top: 0 });
  }, []);

  return [address, go];
}
