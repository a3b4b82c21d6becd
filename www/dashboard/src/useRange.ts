/** The chosen range, kept in the address so that a link shows the same thing. */
import { useCallback, useState } from 'react';
import { type Range, isRange } from './api';

const DEFAULT: Range = '1h';

export function useRange(): [Range, (range: Range) => void] {
  const [range, setRange] = useState<Range>(() => {
    const asked = new URLSearchParams(location.search).get('range');
    return isRange(asked) ? asked : DEFAULT;
  });
  const choose = useCallback((next: Range) => {
    const url = new URL(location.href);
    url.searchParams.set('range', next);
    history.replaceState(null, '', url);
    setRange(next);
  }, []);
  return [range, choose];
}
