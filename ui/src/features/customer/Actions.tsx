import { useLingui } from '@lingui/react/macro';
import { Button } from '../../ui/Button';
import type { IconName } from '../../ui/Icon';
import { keysOf } from '../keys/registry';
import { useShortcut } from '../keys/useShortcut';
import styles from './Actions.module.css';
import type { Way, Ways } from './can';
import { type Asking, useRecord } from './record';

/** What can be asked for, by button and by key. What is off says why beside it. */
export function Actions() {
  const { t } = useLingui();
  const { ways, ask, view, offline } = useRecord();
  const may = (way: Way) => way.how !== 'off';
  const on = (asking: Asking, way: Way) => () => {
    if (may(way)) ask(asking);
  };
  useShortcut('unlock', on({ what: 'unlock' }, ways.unlock));
  useShortcut('lock', on({ what: 'lock' }, ways.lock));
  useShortcut('revoke', on({ what: 'revoke' }, ways.revoke));
  useShortcut('note', on({ what: 'note' }, ways.note));
  useShortcut('withdraw', on({ what: 'withdraw' }, ways.withdraw));
  useShortcut('reveal', on({ what: 'reveal' }, ways.reveal));

  const blocked = view.why.kind === 'locked' || view.why.kind === 'partly_locked';
  const buttons: { what: Exclude<keyof Ways, 'reveal'>; label: string; icon: IconName }[] = [
    { what: 'unlock', label: ways.unlock.how === 'saved' ? t`Ask to unlock` : t`Unlock`, icon: 'unlock' },
    { what: 'lock', label: t`Lock`, icon: 'lock' },
    { what: 'revoke', label: t`Revoke sessions`, icon: 'revoke' },
    { what: 'withdraw', label: t`Withdraw a consent`, icon: 'ban' },
    { what: 'note', label: t`Note`, icon: 'note' },
  ];
  const off = buttons.flatMap(({ what, label }) => {
    const way = ways[what];
    return way.how === 'off' ? [{ label, why: way.why }] : [];
  });
  const reasons = offWords(off, ways.reveal, offline, t`Show a masked value`);
  return (
    <section className={styles.actions} aria-label={t`Actions`}>
      {buttons.map(({ what, label, icon }) => {
        const way = ways[what];
        const primary = what === 'unlock' && blocked && way.how === 'live';
        return (
          <Button
            key={what}
            kind={primary ? 'primary' : way.how === 'saved' ? 'saved' : 'normal'}
            icon={icon}
            keys={keysOf(what)}
            whyOff={way.how === 'off' ? way.why : undefined}
            aria-haspopup="dialog"
            onPress={() => ask({ what })}
          >
            {label}
          </Button>
        );
      })}
      <span className={styles.why} title={reasons}>
        {reasons}
      </span>
      {offline && may(ways.note) && (
        <span className={styles.hint}>{t`Dashed: will only be saved on this desk`}</span>
      )}
    </section>
  );
}

/** Why buttons are off, each reason once: "Unlock, Lock: its source is not connected". */
function offWords(
  off: readonly { label: string; why: string }[],
  reveal: Way,
  offline: boolean,
  revealLabel: string,
): string {
  const all = offline && reveal.how === 'off' ? [...off, { label: revealLabel, why: reveal.why }] : off;
  const byWhy = new Map<string, string[]>();
  for (const { label, why } of all) byWhy.set(why, [...(byWhy.get(why) ?? []), label]);
  return [...byWhy].map(([why, labels]) => `${labels.join(', ')}: ${why}`).join(' · ');
}
