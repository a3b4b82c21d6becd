/** Says that events have arrived, to whoever shows numbers. */
import { createContext } from 'react';

export interface Arrivals {
  /** Something has arrived. */
  tell: () => void;
  /** Calls `heard` at each arrival, until the returned function is called. */
  listen: (heard: () => void) => () => void;
}

export function createArrivals(): Arrivals {
  const listeners = new Set<() => void>();
  return {
    tell() {
      for (const heard of listeners) heard();
    },
    listen(heard) {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
  };
}

export const ArrivalsContext = createContext<Arrivals>(createArrivals());
