import type { LiveStatus } from 'chatvitals/dashboards';
import { clockOf } from '../time';

interface NoticeProps {
  status: LiveStatus;
  error: Error | null;
  /** When the numbers on the page were counted; null when there are none yet. */
  updatedAt: number | null;
  onRetry: () => void;
}

/** Says that what is shown may be old, why, and what happens next. The element stays, so that its text is announced. */
export function Notice({ status, error, updatedAt, onRetry }: NoticeProps) {
  const trouble = error?.message ?? (status === 'reconnecting' ? 'the live connection is lost' : null);
  return (
    <div className="cv-notice" role="alert" hidden={trouble === null} data-testid="notice">
      {trouble && (
        <>
          <p>
            <strong>{sentence(trouble)}</strong>{' '}
            {updatedAt === null ? 'There are no numbers yet.' : `The numbers are from ${clockOf(updatedAt)}.`} Trying again by itself.
          </p>
          <button type="button" className="cv-button" onClick={onRetry}>
            Try now
          </button>
        </>
      )}
    </div>
  );
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
