import { useLingui } from '@lingui/react/macro';
import type { Field, Hit } from '../../ipc';
import { Badge } from '../../ui/Badge';
import { Kbd } from '../../ui/Kbd';
import { Marked } from '../../ui/Marked';
import { nameLang } from '../../ui/PersonName';
import { useNames } from '../session/desk';
import styles from './Finder.module.css';
import { useFieldName } from './words';

/** A field of a hit, with the query underlined where this is the field it was found in. */
function Text({ hit, field, value }: { hit: Hit; field: Field; value: string | null }) {
  if (value === null) return null;
  const ranges = hit.matched?.field === field && hit.matched.value === value ? hit.matched.ranges : [];
  return <Marked text={value} ranges={ranges} />;
}

/** One customer found: who, where it matched, masked contacts, brand, state and key. 46 px high. */
export function HitRow({ hit, keys }: { hit: Hit; keys: string | null }) {
  const { t } = useLingui();
  const fieldName = useFieldName();
  const names = useNames();
  const { matched } = hit;
  const besides = matched && ['former', 'possible_reading', 'customer_id', 'loyalty'].includes(matched.field);
  const [first, ...more] = hit.brands.map(names.brand);
  return (
    <>
      <div className="truncate">
        <div className={`${styles.written} truncate`} lang={nameLang(hit.written)}>
          <Text hit={hit} field="written" value={hit.written} />
        </div>
        <div className={`${styles.forms} truncate`}>
          {hit.reading && (
            <span lang="ja">
              <Text hit={hit} field="reading" value={hit.reading} />
            </span>
          )}
          {hit.romaji && (
            <span>
              <Text hit={hit} field="romaji" value={hit.romaji} />
            </span>
          )}
        </div>
      </div>
      <div className={styles.field}>
        {matched && <div className="muted">{fieldName(matched.field)}</div>}
        {matched?.hidden && <div>{t`in the masked part`}</div>}
        {matched && besides && !matched.hidden && (
          <div className="truncate" lang={nameLang(matched.value)}>
            <Marked text={matched.value} ranges={matched.ranges} />
          </div>
        )}
      </div>
      <div className={styles.ids}>
        <div className="truncate">
          <Text hit={hit} field="email" value={hit.email} />
        </div>
        <div className="truncate muted">
          <Text hit={hit} field="phone" value={hit.phone} />
        </div>
      </div>
      <div className={styles.brand}>
        <div className="truncate">{first}</div>
        {more.length > 0 && <div className="truncate">{more.join(' · ')}</div>}
      </div>
      <div className={styles.end}>
        <div className={styles.badges}>
          {hit.lock && (
            <Badge tone="stop" icon="lock">
              {t`Locked`}
            </Badge>
          )}
          {hit.pending && <Badge tone="saved">{t`Saved, waiting`}</Badge>}
        </div>
        {keys && <Kbd keys={keys} />}
      </div>
    </>
  );
}
