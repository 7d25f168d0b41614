import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import type { Account } from '../../../ipc';
import { Badge } from '../../../ui/Badge';
import { IconButton, LinkButton } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { brief, clockWithSeconds, date } from '../../../ui/time';
import { useNames } from '../../session/desk';
import { Masked } from '../Masked';
import { useRecord } from '../record';
import {
  authorityName,
  deviceIcon,
  identifierName,
  identityIcon,
  identityName,
  issuerName,
} from '../words/names';
import { placeName } from '../words/places';
import { ConsentTable } from './ConsentTable';
import styles from './Facts.module.css';

export function Section({
  title,
  n,
  end,
  children,
}: {
  title: string;
  n?: number;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <h2>
          {title} {n !== undefined && <span className={styles.n}>{n}</span>}
        </h2>
        {end}
      </header>
      {children}
    </section>
  );
}

/** The head of one account's part, where there are several. */
function Whose({ account }: { account: Account }) {
  const names = useNames();
  return (
    <p className={styles.whose}>
      {names.brand(account.brand)} <span className="faint">{issuerName(account.issuer)}</span>
    </p>
  );
}

function Identities({ account }: { account: Account }) {
  const { t } = useLingui();
  const { now } = useRecord();
  return (
    <ul>
      {account.identities.map((way) => {
        const failed = way.failures_today;
        return (
          <li key={way.id} className={styles.line}>
            <Icon name={identityIcon[way.kind]} />
            <span className={styles.name}>{identityName(way.kind)}</span>
            <span className={styles.value} title={issuerName(way.issuer)}>
              {way.masked}
            </span>
            <span className={styles.end}>
              {failed > 0 && <span className="tone-stop">{t`${failed} failed in 24 h`}</span>}
              {failed === 0 &&
                (way.last_sign_in === null ? (
                  <span className="faint">{t`never`}</span>
                ) : (
                  <time dateTime={way.last_sign_in}>{brief(way.last_sign_in, now)}</time>
                ))}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Sessions({ account }: { account: Account }) {
  const { t } = useLingui();
  const { now, ways, ask } = useRecord();
  const off =
    account.authority === 'source'
      ? t`its source is not connected`
      : ways.revoke.how === 'off'
        ? ways.revoke.why
        : undefined;
  return (
    <ul>
      {account.sessions.map((session) => {
        const { device, place } = session;
        const seen = brief(session.last_seen_at, now);
        return (
          <li key={session.id} className={styles.line}>
            <Icon name={deviceIcon(device)} />
            <span className={styles.name}>{device}</span>
            <span className={styles.value}>
              {[session.client, place === null ? null : placeName(place)].filter(Boolean).join(' · ')}
            </span>
            <span className={styles.end}>
              <time dateTime={session.started_at} title={t`last used ${seen}`}>
                {brief(session.started_at, now)}
              </time>
              <IconButton
                label={t`Revoke the session on ${device}`}
                icon="revoke"
                whyOff={off}
                aria-haspopup="dialog"
                onPress={() => ask({ what: 'revoke', account: account.id, session: session.id })}
              />
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function Accounts() {
  const { t } = useLingui();
  const { view } = useRecord();
  const names = useNames();
  return (
    <Section title={t`Accounts`} n={view.accounts.length}>
      <ul>
        {view.accounts.map((account) => (
          <li key={account.id} className={styles.line}>
            <Icon
              name={account.blocked ? 'lock' : 'user'}
              className={account.blocked ? 'tone-stop' : undefined}
            />
            <span className={styles.account}>{names.brand(account.brand)}</span>
            <span className={styles.value}>{issuerName(account.issuer)}</span>
            <span className={styles.end}>
              {account.blocked && <Badge tone="stop">{t`Locked`}</Badge>}
              {account.authority === 'source' ? (
                <Badge icon="offline">{authorityName('source')}</Badge>
              ) : (
                <span className="faint">{authorityName('store')}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** Handles beyond those in the strip. */
function Contacts() {
  const { t } = useLingui();
  const { view } = useRecord();
  const seen = new Set<string>();
  const more = view.profile.identifiers.filter((one) => {
    const again = seen.has(one.kind);
    seen.add(one.kind);
    return again;
  });
  if (more.length === 0) return null;
  return (
    <Section title={t`More contacts`} n={more.length}>
      <ul>
        {more.map((one) => {
          const verified = one.verified_at === null ? null : date(one.verified_at);
          return (
            <li key={one.id} className={styles.line}>
              <span className={styles.account}>{identifierName(one.kind)}</span>
              <Masked identifier={one} />
              <span className={styles.end}>
                {verified === null ? t`not verified` : t`verified ${verified}`}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function Notes() {
  const { t } = useLingui();
  const { view, now, ask, ways } = useRecord();
  return (
    <Section
      title={t`Notes`}
      n={view.notes.length}
      end={
        ways.note.how !== 'off' && (
          <LinkButton onPress={() => ask({ what: 'note' })}>{t`Write one`}</LinkButton>
        )
      }
    >
      {view.notes.length === 0 && <p className={styles.none}>{t`Nobody has written anything down.`}</p>}
      <ul>
        {view.notes.slice(0, 5).map((note) => (
          <li key={note.id} className={styles.noted}>
            <p>{note.text}</p>
            <span className="faint">
              {note.by}, <time dateTime={note.at}>{brief(note.at, now)}</time>
              {note.case !== null && ` · ${note.case}`}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What is known beside the timeline: ways in, sessions, consent, notes. */
export function Facts() {
  const { t } = useLingui();
  const { view, offline } = useRecord();
  const several = view.accounts.length > 1;
  const ways = view.accounts.reduce((sum, one) => sum + one.identities.length, 0);
  const live = view.accounts.reduce((sum, one) => sum + one.sessions.length, 0);
  const asOf = clockWithSeconds(view.as_of);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <aside className={styles.facts} aria-label={t`Facts`} tabIndex={0}>
      {several && <Accounts />}
      <Contacts />
      <Section title={t`Identities`} n={ways} end={t`last sign-in`}>
        {ways === 0 && <p className={styles.none}>{t`There is no way into an account.`}</p>}
        {view.accounts.map((account) => (
          <div key={account.id}>
            {several && account.identities.length > 0 && <Whose account={account} />}
            <Identities account={account} />
          </div>
        ))}
      </Section>
      <Section title={t`Sessions`} n={live} end={live > 0 && t`started`}>
        {live === 0 && <p className={styles.none}>{t`No session is live.`}</p>}
        {view.accounts.map((account) => (
          <div key={account.id}>
            {several && account.sessions.length > 0 && <Whose account={account} />}
            <Sessions account={account} />
          </div>
        ))}
      </Section>
      <ConsentTable />
      <Notes />
      {view.source === 'store' && !offline && (
        <p className={styles.foot}>
          <Trans>Fetched from the store at {asOf}; not kept for long on this desk.</Trans>
        </p>
      )}
    </aside>
  );
}
