import { createContext, type ReactNode, useContext } from 'react';
import type { CustomerView, LockCause, Status } from '../../ipc';
import type { Ways } from './can';
import type { Revealing } from './useRevealing';

/** What an agent is about to ask for, and what about; what is left out is chosen in the dialog. */
export type Asking =
  | { what: 'unlock'; lock?: string }
  | { what: 'lock'; account?: string; cause?: LockCause }
  | { what: 'revoke'; account?: string; session?: string }
  | { what: 'note' }
  | { what: 'withdraw'; brand?: string; purpose?: string }
  | { what: 'reveal'; identifier?: string };

/** One customer in front of an agent: the record, what may be asked for, and how to ask. */
export type CustomerRecord = {
  view: CustomerView;
  status: Status | undefined;
  now: Date;
  ways: Ways;
  offline: boolean;
  ask: (asking: Asking) => void;
  revealing: Revealing;
};

const Context = createContext<CustomerRecord | null>(null);

export function RecordProvider({ record, children }: { record: CustomerRecord; children: ReactNode }) {
  return <Context value={record}>{children}</Context>;
}

export function useRecord(): CustomerRecord {
  const record = useContext(Context);
  if (!record) throw new Error('useRecord outside of RecordProvider');
  return record;
}
