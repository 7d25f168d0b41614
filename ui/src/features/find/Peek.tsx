import { useLingui } from '@lingui/react/macro';
import type { Hit } from '../../ipc';
import { Kbd } from '../../ui/Kbd';
import { PersonName } from '../../ui/PersonName';
import { brief } from '../../ui/time';
import { languageName } from '../customer/words/zones';
import { keysOf, type ShortcutId } from '../keys/registry';
import styles from './Finder.module.css';
import { useLockWords } from './words';

export type PeekDo = { open: () => void; behind: () => void; unlock: () => void; copy: () => void };

function Pair({ name, children }: { name: string; children: string | null | undefined }) {
  if (!children) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd className="truncate">{children}</dd>
    </>
  );
}

/** The chosen customer beside the list, enough to know that it is the right one, and what can be done from here. */
export function Peek({ hit, now, act }: { hit: Hit; now: Date; act: PeekDo }) {
  const { t, i18n } = useLingui();
  const lockWords = useLockWords();
  const words = hit.lock && lockWords(hit.lock, now);
  const doable: [ShortcutId, string, () => void][] = [
    ['findOpen', t`Open`, act.open],
    ['findBehind', t`Open in a tab behind`, act.behind],
    ...(hit.lock ? ([['findUnlock', t`Unlock`, act.unlock]] as [ShortcutId, string, () => void][]) : []),
    ['findCopy', t`Copy the customer id`, act.copy],
  ];
  return (
    <section className={styles.peek} aria-label={hit.written}>
      <PersonName level={2} written={hit.written} reading={hit.reading} romaji={hit.romaji} />
      {words ? (
        <p className={styles.lock}>
          <b className="tone-stop">{words.until}</b> {words.cause}
        </p>
      ) : (
        <div className={styles.lock} />
      )}
      <dl className={styles.pairs}>
        <Pair name={t`E-mail`}>{hit.email}</Pair>
        <Pair name={t`Phone`}>{hit.phone}</Pair>
        <Pair name={t`Loyalty`}>{hit.loyalty}</Pair>
        <Pair name={t`Language`}>
          {hit.languages.map((one) => languageName(one, i18n.locale)).join(', ')}
        </Pair>
        <Pair name={t`Last sign-in`}>{hit.last_sign_in ? brief(hit.last_sign_in, now) : t`none known`}</Pair>
        <Pair name={t`Customer`}>{hit.id}</Pair>
      </dl>
      <ul className={styles.do}>
        {doable.map(([id, label, run]) => (
          <li key={id}>
            <button type="button" onClick={run} aria-keyshortcuts={keysOf(id).replace('Mod', 'Control')}>
              {label}
              <Kbd keys={keysOf(id)} />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
