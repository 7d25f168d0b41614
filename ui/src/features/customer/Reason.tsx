import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Badge } from '../../ui/Badge';
import { LinkButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { brief } from '../../ui/time';
import { useNames } from '../session/desk';
import styles from './Reason.module.css';
import { useRecord } from './record';
import type { Filter } from './timeline/entries';
import { whySentence } from './why';
import { gap, join } from './words/spans';

/** One sentence that says why this person cannot sign in, and where it can be seen. */
export function Reason({ onBehind }: { onBehind: (behind: NonNullable<Filter['behind']>) => void }) {
  const { t } = useLingui();
  const { view, now, offline } = useRecord();
  const names = useNames();
  const said = whySentence(view.why, { accounts: view.accounts, now, brandName: names.brand });
  const icon = said.tone === 'stop' ? 'lock' : said.tone === 'wait' ? 'alert' : 'ok';
  const asOf = brief(view.as_of, now);
  const { evidence } = said;
  return (
    <section
      className={`${styles.reason} ${styles[said.tone]}`}
      aria-label={t`Why they cannot sign in`}
      data-tone={said.tone}
    >
      <Icon name={icon} />
      <p className={styles.sentence} title={join(said.lead, said.rest)}>
        <b>{said.lead}</b>
        {gap()}
        {said.rest}
      </p>
      {evidence && (
        <LinkButton className={styles.link} onPress={() => onBehind(evidence)}>
          <Plural value={evidence.n} one="See the sign-in" other="See the # sign-ins" />
        </LinkButton>
      )}
      <span className={styles.end}>
        {said.end !== null && <span className="muted nowrap">{said.end}</span>}
        {offline && (
          <Badge tone="wait">
            <Trans>as of {asOf}</Trans>
          </Badge>
        )}
      </span>
    </section>
  );
}
