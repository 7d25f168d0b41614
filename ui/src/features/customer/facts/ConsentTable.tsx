import { Trans, useLingui } from '@lingui/react/macro';
import type { ConsentStatus, OutboxItem } from '../../../ipc';
import { IconButton } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { date } from '../../../ui/time';
import { useNames } from '../../session/desk';
import { useRecord } from '../record';
import { consentIcon, consentName } from '../words/names';
import styles from './ConsentTable.module.css';
import { Section } from './Facts';

const markClass: Record<ConsentStatus['effective'], string | undefined> = {
  never_asked: undefined,
  given: 'tone-ok',
  refused: undefined,
  withdrawn: 'tone-stop',
  expired: 'tone-wait',
};

/** What was refused, has lapsed or conflicts waits for a person, not for the store. */
const isWaiting = (state: OutboxItem['state']) => state === 'saved' || state === 'sending';

function Line({ status }: { status: ConsentStatus }) {
  const { t } = useLingui();
  const { ways, ask, view } = useRecord();
  const names = useNames();
  const purpose = names.purpose(status.brand, status.purpose);
  const waits = view.pending.some(
    ({ ask: asked, state }) =>
      isWaiting(state) &&
      asked.kind === 'withdraw' &&
      asked.brand === status.brand &&
      asked.purpose === status.purpose,
  );
  const differs = status.effective !== status.recorded || waits;
  const nothingRecorded = status.effective === 'never_asked' && status.recorded_at === null;
  return (
    <tr>
      <th scope="row" title={purpose}>
        {purpose}
      </th>
      <td colSpan={nothingRecorded ? 2 : 1}>
        <span className={[styles.mark, markClass[status.effective]].filter(Boolean).join(' ')}>
          <Icon name={consentIcon[status.effective]} />
          <span className={differs ? styles.differs : undefined}>{consentName(status.effective)}</span>
        </span>
      </td>
      {!nothingRecorded && (
        <td>
          <span className={styles.mark}>
            {status.recorded !== 'never_asked' && <Icon name={consentIcon[status.recorded]} />}
            <span className="hidden">{consentName(status.recorded)}</span>
            {status.recorded_at === null ? (
              <span aria-hidden="true">–</span>
            ) : (
              <time dateTime={status.recorded_at}>{date(status.recorded_at)}</time>
            )}
          </span>
        </td>
      )}
      <td className={styles.act}>
        {status.recorded === 'given' && !waits && (
          <IconButton
            label={t`Withdraw ${purpose}`}
            icon="ban"
            whyOff={ways.withdraw.how === 'off' ? ways.withdraw.why : undefined}
            aria-haspopup="dialog"
            onPress={() => ask({ what: 'withdraw', brand: status.brand, purpose: status.purpose })}
          />
        )}
      </td>
    </tr>
  );
}

/** Why what holds is not what was recorded, a line for each purpose where they differ. */
function useDifferences(): string[] {
  const { t } = useLingui();
  const { view } = useRecord();
  const names = useNames();
  const lines = view.consents.status
    .filter((one) => one.effective !== one.recorded)
    .map((one) => {
      const purpose = names.purpose(one.brand, one.purpose);
      const until = one.until === null ? null : date(one.until);
      return one.effective === 'expired' && until !== null
        ? t`${purpose}: given until ${until}, so it has run out.`
        : t`${purpose}: a rule overrules what is recorded.`;
    });
  const waiting = view.pending.flatMap(({ ask, state }) => {
    if (ask.kind !== 'withdraw' || !isWaiting(state)) return [];
    const purpose = names.purpose(ask.brand, ask.purpose);
    return [t`${purpose}: a withdrawal waits on this desk.`];
  });
  return [...lines, ...waiting];
}

/** What holds now beside what was recorded, one row for each purpose. */
export function ConsentTable() {
  const { t } = useLingui();
  const { view } = useRecord();
  const names = useNames();
  const differences = useDifferences();
  const { status } = view.consents;
  const brands = [...new Set(status.map((one) => one.brand))];
  return (
    <Section title={t`Consent status`}>
      {status.length === 0 ? (
        <p className={styles.none}>{t`There is no purpose to agree to.`}</p>
      ) : (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t`Purpose`}</th>
              <th scope="col">{t`Effective`}</th>
              <th scope="col">{t`Recorded`}</th>
              <th scope="col">
                <span className="hidden">{t`Withdraw`}</span>
              </th>
            </tr>
          </thead>
          {brands.map((brand) => (
            <tbody key={brand}>
              {brands.length > 1 && (
                <tr className={styles.brand}>
                  <th scope="rowgroup" colSpan={4}>
                    {names.brand(brand)}
                  </th>
                </tr>
              )}
              {status
                .filter((one) => one.brand === brand)
                .map((one) => (
                  <Line key={one.purpose} status={one} />
                ))}
            </tbody>
          ))}
        </table>
      )}
      {differences.length > 0 && (
        <div className={styles.why}>
          {differences.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      {view.consents.status.length > 0 && (
        <span className="hidden">
          <Trans>Effective is what holds now; recorded is when it was last said.</Trans>
        </span>
      )}
    </Section>
  );
}
