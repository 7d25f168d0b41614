// How one entry of the timeline reads.
import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { ActionDone, OutboxItem, SignIn } from '../../../ipc';
import type { IconName } from '../../../ui/Icon';
import { useNames } from '../../session/desk';
import { useRecord } from '../record';
import { lockLead } from '../why';
import {
  actionIcon,
  causeName,
  changeName,
  consentIcon,
  identifierName,
  identityName,
  lockCauseName,
  methodName,
  reasonWords,
  setterName,
} from '../words/names';
import { placeName } from '../words/places';
import type { Entry } from './entries';
import styles from './Timeline.module.css';

export type Tone = 'ok' | 'stop' | 'wait' | 'act' | 'none';
export type EntryWords = {
  icon: IconName;
  tone: Tone;
  what: ReactNode;
  where: string;
  device: string;
};

export function useEntryWords(): (entry: Entry) => EntryWords {
  const { t, i18n } = useLingui();
  const names = useNames();
  const { view, now } = useRecord();
  const entryNo = (done: ActionDone | null) => {
    if (!done) return '';
    const number = i18n.number(done.entry);
    return t`Entry ${number}`;
  };
  const caseNo = (no: string | null) => (no === null ? '' : t`case ${no}`);

  return (entry) => {
    switch (entry.kind) {
      case 'sign_in':
        return signInWords(entry.signIn);
      case 'consent': {
        const { event, done } = entry;
        const purpose = names.purpose(event.brand, event.purpose);
        const brand = view.profile.brands.length > 1 ? names.brand(event.brand) : null;
        const change = changeName(event.change);
        const tone = event.change === 'withdrawn' ? 'stop' : event.change === 'expired' ? 'wait' : 'none';
        const by =
          event.by === 'customer' ? t`by the customer` : event.by === 'rule' ? t`by rule` : t`by ${event.by}`;
        const version = event.notice?.version;
        const language = event.notice?.language;
        return {
          icon: consentIcon[event.change === 'renewed' ? 'given' : event.change],
          tone: tone === 'none' && event.change !== 'refused' ? 'ok' : tone,
          what: (
            <>
              <Trans>
                {purpose} <b className={toneClass(event.change)}>{change}</b>
              </Trans>{' '}
              <span className={styles.cause}>
                {by}
                {version !== undefined && t`, notice ${version} (${language})`}
                {brand !== null && t`, ${brand}`}
              </span>
            </>
          ),
          where: methodName(event.method),
          device: entryNo(done),
        };
      }
      case 'note':
        return {
          icon: 'note',
          tone: 'none',
          what: <Said text={entry.note.text} by={entry.note.by} />,
          where: caseNo(entry.note.case),
          device: entryNo(entry.done),
        };
      case 'lock': {
        const lead = lockLead(entry.lock, now);
        const by = setterName(entry.lock.by);
        const cause = lockCauseName(entry.lock.cause);
        return {
          icon: 'lock',
          tone: 'stop',
          what: (
            <>
              {lead}{' '}
              <span className={styles.cause}>
                <Trans>
                  by {by}: {cause}
                </Trans>
              </span>
            </>
          ),
          where: accountBrand(entry.account),
          device: '',
        };
      }
      case 'action': {
        const { done } = entry;
        const reason = done.reason === null ? null : reasonWords(done.reason);
        const why = [reason, done.words].filter(Boolean).join(t`: `);
        return {
          icon: actionIcon[done.kind],
          tone: done.kind === 'lock' ? 'stop' : 'act',
          what: (
            <>
              {doneWords(done)}{' '}
              <span className={styles.cause}>
                {t`by ${done.by}`}
                {why !== '' && t`, ${why}`}
              </span>
            </>
          ),
          where: caseNo(done.case),
          device: entryNo(done),
        };
      }
    }
  };

  function accountBrand(account: string): string {
    if (view.accounts.length < 2) return '';
    const found = view.accounts.find((one) => one.id === account);
    return found ? names.brand(found.brand) : '';
  }

  function doneWords(done: ActionDone): string {
    const cause = done.lock_cause === null ? null : lockCauseName(done.lock_cause);
    switch (done.kind) {
      case 'unlock':
        return cause === null ? t`Lock ended` : t`Lock ended (${cause})`;
      case 'lock':
        return cause === null ? t`Lock set` : t`Lock set (${cause})`;
      case 'revoke_session':
        return t`One session revoked`;
      case 'revoke_sessions':
        return t`All sessions revoked`;
      case 'note':
        return t`Note written`;
      case 'withdraw':
        return t`Consent withdrawn`;
      case 'reveal': {
        const what = done.revealed === null ? null : identifierName(done.revealed);
        return what === null ? t`A value was shown` : t`${what} was shown`;
      }
    }
  }

  function signInWords(one: SignIn): EntryWords {
    const way = identityName(one.identity);
    const cause = one.cause === null ? '' : causeName(one.cause);
    const place = one.place === null ? null : placeName(one.place);
    return {
      icon: one.outcome === 'signed_in' ? 'ok' : 'fail',
      tone: one.outcome === 'signed_in' ? 'ok' : 'stop',
      what:
        one.outcome === 'signed_in' ? (
          one.identity === 'password' ? (
            <Trans>
              Signed in <span className={styles.cause}>with the password</span>
            </Trans>
          ) : (
            <Trans>
              Signed in <span className={styles.cause}>with {way}</span>
            </Trans>
          )
        ) : one.outcome === 'failed' ? (
          <Trans>
            {way} sign-in failed <span className={styles.cause}>{cause}</span>
          </Trans>
        ) : (
          <Trans>
            {way} sign-in refused <span className={styles.cause}>{cause}</span>
          </Trans>
        ),
      where: [place, one.address].filter(Boolean).join(' · '),
      device: [one.device, one.client].filter(Boolean).join(' · '),
    };
  }
}

const toneClass = (change: string) =>
  change === 'withdrawn' ? 'tone-stop' : change === 'expired' ? 'tone-wait' : undefined;

/** A note, set off by a line beside it. */
export function Said({ text, by, badge }: { text: string; by: string; badge?: ReactNode }) {
  const { t } = useLingui();
  return (
    <span className={styles.note}>
      <span className={styles.said} data-selectable="" title={text}>
        {t`“${text}”`}
      </span>
      <span className={styles.cause}>{by}</span>
      {badge}
    </span>
  );
}

/** What a pending action of this desk asks for, in a few words. */
export function useAskWords(): (item: Pick<OutboxItem, 'ask'>) => string {
  const { t } = useLingui();
  const names = useNames();
  return ({ ask }) => {
    switch (ask.kind) {
      case 'unlock':
        return t`Ask to unlock`;
      case 'lock': {
        const cause = lockCauseName(ask.cause);
        return t`Lock (${cause})`;
      }
      case 'revoke_session':
        return t`Revoke a session`;
      case 'revoke_sessions':
        return t`Revoke all sessions`;
      case 'note':
        return t`Note “${ask.text}”`;
      case 'withdraw': {
        const purpose = names.purpose(ask.brand, ask.purpose);
        return t`Withdraw “${purpose}”`;
      }
      case 'reveal':
        return t`Show a masked value`;
    }
  };
}
