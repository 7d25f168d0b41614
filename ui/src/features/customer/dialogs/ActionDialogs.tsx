import type { Asking } from '../record';
import type { Filter } from '../timeline/entries';
import { LockDialog } from './LockDialog';
import { NoteDialog } from './NoteDialog';
import { RevealDialog } from './RevealDialog';
import { RevokeDialog } from './RevokeDialog';
import { UnlockDialog } from './UnlockDialog';
import { WithdrawDialog } from './WithdrawDialog';

/** The dialog of what is being asked. */
export function ActionDialogs({
  asking,
  onClose,
  onBehind,
}: {
  asking: Asking;
  onClose: () => void;
  onBehind: (behind: NonNullable<Filter['behind']>) => void;
}) {
  switch (asking.what) {
    case 'unlock':
      return <UnlockDialog lock={asking.lock} onClose={onClose} onBehind={onBehind} />;
    case 'lock':
      return <LockDialog account={asking.account} first={asking.cause} onClose={onClose} />;
    case 'revoke':
      return <RevokeDialog account={asking.account} session={asking.session} onClose={onClose} />;
    case 'note':
      return <NoteDialog onClose={onClose} />;
    case 'withdraw':
      return <WithdrawDialog brand={asking.brand} purpose={asking.purpose} onClose={onClose} />;
    case 'reveal':
      return <RevealDialog identifier={asking.identifier} onClose={onClose} />;
  }
}
