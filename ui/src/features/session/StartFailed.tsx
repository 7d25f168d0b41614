import { Trans } from '@lingui/react/macro';
import { FailureNote } from '../../errors/FailureNote';
import type { Failure } from '../../ipc';
import { Counter } from './Counter';

/** The desk could not begin (its files, its keyring, another window), or the window could not be drawn. */
export function StartFailed({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  return (
    <Counter title={<Trans>Madoguchi cannot go on</Trans>}>
      <FailureNote failure={failure} onRetry={onRetry} />
    </Counter>
  );
}
