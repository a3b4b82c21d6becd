import { type Filters, parseFilters } from '../answers';
import { type Address, SEGMENTS, type Segment, isFiltered } from '../address';
import { FILTERS } from '../api';
import { useAnswer } from '../useAnswer';
import type { Go } from '../useAddress';

const NAMES: Record<Segment, { label: string; all: string }> = {
  route: { label: 'Route', all: 'All routes' },
  device: { label: 'Device', all: 'All devices' },
  campaign: { label: 'Campaign', all: 'All campaigns' },
};

/** Which sessions are counted. */
export function FilterBar({ address, go }: { address: Address; go: Go }) {
  const { data } = useAnswer(FILTERS, parseFilters);
  return (
    <form className="cv-filters" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      {SEGMENTS.map((segment) => (
        <Filter key={segment} segment={segment} value={address[segment]} known={data} onChoose={(value) => go({ [segment]: value })} />
      ))}
      {isFiltered(address) && (
        <button type="button" className="cv-button" onClick={() => go({ route: null, device: null, campaign: null })}>
          Show all
        </button>
      )}
    </form>
  );
}

interface FilterProps {
  segment: Segment;
  value: string | null;
  /** null while loading. */
  known: Filters | null;
  onChoose: (value: string | null) => void;
}

function Filter({ segment, value, known, onChoose }: FilterProps) {
  const { label, all } = NAMES[segment];
  const names = known?.[segment] ?? [];
  // A link may name what has not been seen lately: it stays chosen.
  const options = value === null || names.includes(value) ? names : [value, ...names];
  return (
    <label className={value === null ? 'cv-filter' : 'cv-filter is-set'}>
      <span className="cv-unseen">{label}</span>
      <select value={value ?? ''} onChange={(event) => onChoose(event.target.value || null)} data-testid={`filter-${segment}`}>
        <option value="">{all}</option>
        {options.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
