import { Trans, useLingui } from '@lingui/react/macro';
import { useEffect, useRef } from 'react';
import { Icon } from '../../ui/Icon';
import { Kbd } from '../../ui/Kbd';
import { Empty } from '../../ui/Notice';
import { nameLang } from '../../ui/PersonName';
import { usePointerMoved } from '../../ui/usePointerMoved';
import styles from './Finder.module.css';
import type { Command } from './useCommands';

/** What can be done or gone to. */
export function CommandList({
  id,
  commands,
  chosen,
  onChoose,
  onRun,
}: {
  id: string;
  commands: Command[];
  chosen: number;
  onChoose: (n: number) => void;
  onRun: (n: number) => void;
}) {
  const { t } = useLingui();
  const moved = usePointerMoved();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest' });
  });
  return (
    <div className={styles.commands}>
      <div id={id} role="listbox" aria-label={t`What to do`} ref={list}>
        {commands.map((command, n) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the box above holds the focus and its keys.
          // biome-ignore lint/a11y/useFocusableInteractive: options of a combobox are pointed at by aria-activedescendant.
          <div
            key={command.id}
            id={`${id}-${n}`}
            role="option"
            aria-selected={n === chosen}
            className={n === chosen ? `${styles.command} ${styles.chosen}` : styles.command}
            onPointerMove={(event) => moved(event) && n !== chosen && onChoose(n)}
            onClick={() => onRun(n)}
          >
            <Icon name={command.icon} />
            <span>{command.label}</span>
            {command.beside && (
              <span className="muted" lang={nameLang(command.beside)}>
                {command.beside}
              </span>
            )}
            <span className={styles.commandKeys}>{command.keys && <Kbd keys={command.keys} />}</span>
          </div>
        ))}
      </div>
      {commands.length === 0 && (
        <Empty icon="search" title={<Trans>Nothing of that name can be done here</Trans>}>
          <Trans>Remove the &gt; to find customers.</Trans>
        </Empty>
      )}
    </div>
  );
}
