import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Identifier, IdentifierKind } from '../../ipc';
import { IconButton } from '../../ui/Button';
import { PersonName } from '../../ui/PersonName';
import { clock, date } from '../../ui/time';
import { keysOf } from '../keys/registry';
import { useNames } from '../session/desk';
import { Masked, useCopy } from './Masked';
import { useRecord } from './record';
import styles from './Strip.module.css';
import { identifierName } from './words/names';
import { isZone, languageName, zoneWords } from './words/zones';

const KINDS: readonly IdentifierKind[] = ['email', 'phone', 'loyalty'];

function Fact({
  name,
  sub,
  className,
  children,
}: {
  name: string;
  sub: ReactNode;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className={className ? `${styles.fact} ${className}` : styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
      <dd className={styles.sub}>{sub}</dd>
    </div>
  );
}

function IdentifierFact({ identifier }: { identifier: Identifier }) {
  const { t } = useLingui();
  const { view } = useRecord();
  const verified = identifier.verified_at === null ? null : date(identifier.verified_at);
  const held = date(identifier.held_since);
  const year = identifier.held_since.slice(0, 4);
  const { tier } = view.profile;
  const sub =
    identifier.kind === 'loyalty'
      ? tier === null
        ? t`since ${year}`
        : t`${tier}, since ${year}`
      : verified === null
        ? t`not verified, held since ${held}`
        : t`verified ${verified}`;
  return (
    <Fact name={identifierName(identifier.kind)} sub={sub}>
      <Masked identifier={identifier} />
    </Fact>
  );
}

/** Who the customer is, in one line that never moves. */
export function Strip() {
  const { t, i18n } = useLingui();
  const { view, now } = useRecord();
  const names = useNames();
  const copy = useCopy();
  const { profile } = view;
  const [brand, second, ...more] = profile.brands;
  const secondName = second === undefined ? null : names.brand(second);
  const further = more.length + 1;
  const zone = profile.time_zone !== null && isZone(profile.time_zone) ? profile.time_zone : null;
  const [language, ...others] = profile.languages;
  const alsoNames = others.map((one) => languageName(one, i18n.locale)).join(t`, `);
  const since = date(profile.since);
  const { former } = profile.name;
  return (
    <section className={styles.strip} aria-label={t`Who it is`}>
      <div className={styles.who}>
        <PersonName {...profile.name} />
      </div>
      <dl className={styles.facts}>
        {KINDS.map((kind) => {
          const first = profile.identifiers.find((one) => one.kind === kind);
          return first ? <IdentifierFact key={kind} identifier={first} /> : null;
        })}
        {brand !== undefined && (
          <Fact
            name={t`Brand`}
            sub={
              secondName === null ? '' : more.length === 0 ? t`and ${secondName}` : t`and ${further} others`
            }
          >
            {names.brand(brand)}
          </Fact>
        )}
        {zone !== null && (
          <Fact name={t`Local time`} sub={zoneWords(zone, now)} className={styles.time}>
            {clock(now, zone)}
          </Fact>
        )}
        {language !== undefined && (
          <Fact
            name={t`Language`}
            className={styles.language}
            sub={alsoNames === '' ? t`no other` : t`also ${alsoNames}`}
          >
            {languageName(language, language)}
          </Fact>
        )}
        <Fact
          name={t`Customer id`}
          sub={former === null ? t`since ${since}` : t`since ${since}, formerly ${former}`}
        >
          <span data-selectable="">{profile.id}</span>
          <IconButton
            label={t`Copy the customer id`}
            icon="copy"
            keys={keysOf('copyId')}
            className={styles.copy}
            onPress={() => void copy(profile.id, false)}
          />
        </Fact>
      </dl>
    </section>
  );
}
