import styles from './PersonName.module.css';

/** The language in which a written name is set: Japanese when any of it is kanji or kana, else the window's own. */
export function nameLang(written: string): 'ja' | undefined {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(written) ? 'ja' : undefined;
}

/** A person's name as they write it, with its reading above and its romaji below. */
export function PersonName({
  written,
  reading,
  romaji,
  level = 1,
}: {
  written: string;
  reading?: string | null;
  romaji?: string | null;
  level?: 1 | 2;
}) {
  const Heading = `h${level}` as const;
  return (
    <div className={styles.who}>
      <div className={styles.reading} lang="ja">
        {reading}
      </div>
      <Heading className={styles.name} lang={nameLang(written)}>
        {written}
      </Heading>
      <div className={styles.romaji}>{romaji}</div>
    </div>
  );
}
